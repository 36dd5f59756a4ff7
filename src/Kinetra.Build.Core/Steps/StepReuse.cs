using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Decides which steps of a continued run need not be run again: those that were completed, whose fingerprint is the same,
/// whose declared outputs verify, and before which nothing ran again that they may rely on. One for all steps of a run.
/// </summary>
public sealed class StepReuse : IDisposable
{
    private readonly WorkflowRun _run;
    private readonly DigestCache _digests;
    private readonly FingerprintKey _key;
    private readonly KnownTools _tools = new();

    // The first step that ran again though it was completed before, or that is new.
    private volatile string? _ranAgain;

    /// <summary>Prepares for the steps of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">The clock.</param>
    public StepReuse(WorkflowRun run, TimeProvider time) =>
        (_run, _digests, _key) = (run, new DigestCache(run.DigestFile, time), FingerprintKey.In(run.StateDirectory));

    /// <summary>Closes the file of digests.</summary>
    public void Dispose() => _digests.Dispose();

    /// <summary>Decides about a step that is about to begin.</summary>
    /// <param name="work">The step.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    /// <exception cref="KinetraException">Its fingerprint cannot be computed.</exception>
    internal StepDecision Decide(IStepWork work, int occurrence)
    {
        StepIdentity identity = work.Identify(occurrence);
        StepRecord? prior = _run.Prior(identity.Step, identity.Occurrence);
        identity = identity with { Written = prior?.Written ?? [] };
        Fingerprinter fingerprinter = new(_digests, _key, work.Mask, _tools.Of(work.Tools, identity));
        Fingerprint now = fingerprinter.Compute(identity);
        if (_run.ContinuesId is not { } continued)
        {
            return new StepDecision(identity, fingerprinter, now, null, IsSkipped: false, "a run from the start");
        }

        string? why = prior is null ? $"not reached in run {continued}" : WhyAgain(prior, identity, now);
        bool mayOutdate = why is not null && MayOutdate(identity.Step, occurrence);
        if (mayOutdate)
        {
            _ranAgain ??= identity.Step;
        }

        return new StepDecision(identity, fingerprinter, now, prior, why is null, why ?? $"completed in run {prior!.ResumedFrom}, and nothing that it declares has changed")
        {
            MayOutdate = mayOutdate,
        };
    }

    /// <summary>
    /// Whether what comes behind a step, and was completed before, may rely on what the step was before it runs now. What came
    /// behind one that failed or was interrupted did without it.
    /// </summary>
    /// <param name="step">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    internal bool MayOutdate(string step, int occurrence) =>
        _run.ContinuesId is not null && _run.Prior(step, occurrence) is null or { Status: StepStatus.Completed };

    /// <summary>Looks at a step that has succeeded.</summary>
    /// <exception cref="KinetraException">A file cannot be read.</exception>
    internal StepResult Examine(StepDecision decision)
    {
        IReadOnlyList<string> missing = OutputSet.Missing(decision.Identity);
        if (missing.Count > 0)
        {
            return new StepResult([], [], [], missing);
        }

        return new StepResult(
            OutputSet.Compute(decision.Identity, _digests),
            decision.Fingerprinter.WrittenSince(decision.Fingerprint, decision.Identity),
            decision.Fingerprinter.ChangedSince(decision.Fingerprint, decision.Identity),
            []);
    }

    private string? WhyAgain(StepRecord prior, StepIdentity identity, Fingerprint now)
    {
        if (prior.Status != StepStatus.Completed)
        {
            return $"{(prior.Status == StepStatus.Failed ? "failed" : "interrupted")} in run {prior.ResumedFrom}";
        }

        if (!prior.IsReusable)
        {
            return $"what it reads changed while it ran in run {prior.ResumedFrom}";
        }

        if (prior.Fingerprint is null)
        {
            return $"run {prior.ResumedFrom} has not recorded what it was made of";
        }

        if (FingerprintDiff.Describe(prior.Fingerprint, now) is { } difference)
        {
            return difference;
        }

        if (OutputSet.Verify(prior.Outputs, identity.ProjectDirectory, _digests) is { Count: > 0 } changes)
        {
            return changes[0] + (changes.Count > 1 ? $", and {changes.Count - 1} more" : "");
        }

        // Of a step that declares what it reads and what it writes both were compared. Any other may rely on what is made anew, or
        // have changed a file that is, as one that adds to it.
        bool declaresAll = identity.Inputs.Count > 0 && identity.Outputs.Count > 0;
        return !declaresAll && (prior.OutdatedBy ?? _ranAgain) is { } earlier ? $"the earlier step \"{earlier}\" ran again" : null;
    }
}
