using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Decides which steps need not be run. Of a continued run those that were completed, whose fingerprint is the same, whose
/// declared outputs verify, and before which nothing ran again that they may rely on; and those that the cache knows. One for all steps of a
/// run. Safe for several threads.
/// </summary>
public sealed class StepReuse : IDisposable
{
    private readonly IRunMemory _run;
    private readonly string _runId;
    private readonly DigestCache _digests;
    private readonly FingerprintKey _key;
    private readonly KnownTools _tools = new();
    private readonly SharedComponents _shared = new();
    private readonly Lock _gate = new();
    private ILookup<(string Workflow, string Step), string>? _entries;
    private KinetraException? _cacheProblem;
    private bool _isCacheProblemTaken;

    // The first step outside of the graph that ran again though it was completed before, or that is new.
    private volatile string? _ranAgain;

    // The same of the graph, for steps outside of it alone: in it, it is known who needs whom. One that is not known may only not have been
    // reached, so it does not count.
    private volatile string? _ranAgainInGraph;

    /// <summary>Prepares for the steps of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">The clock.</param>
    public StepReuse(WorkflowRun run, TimeProvider time) =>
        (_run, _runId, _digests, _key) = (run, run.Id, new DigestCache(run.DigestFile, time), FingerprintKey.In(run.StateDirectory));

    private StepReuse(IRunMemory memory, RunSettings settings, TimeProvider time) => (_run, _runId, _digests, _key, IsPreview) = (
        memory,
        "",
        new DigestCache(settings.StateDirectory.Combine(WorkflowFileName.Of(settings.Workflow, ".digests")), time) { IsReadOnly = true },
        FingerprintKey.IfAny(settings.StateDirectory),
        true);

    /// <summary>Prepares to look at the steps of a run that would begin now; nothing is written.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException">As for <see cref="RunPreview.Of"/>.</exception>
    public static StepReuse ForPreview(RunSettings settings, TimeProvider time) => new(RunPreview.Of(settings), settings, time);

    /// <summary>Whether it is only said what would be done.</summary>
    private bool IsPreview { get; }

    /// <summary>The outputs of earlier runs; null for no cache.</summary>
    public StepCache? Cache { get; set; }

    /// <summary>Whether steps are run though the cache knows them; what they make is kept in it all the same.</summary>
    public bool IgnoresCache { get; set; }

    /// <summary>Whether something was put into the cache.</summary>
    public bool HasKept { get; private set; }

    /// <summary>Why the cache could not be used, once; null if it could.</summary>
    public KinetraException? TakeCacheProblem()
    {
        lock (_gate)
        {
            KinetraException? problem = _isCacheProblemTaken ? null : _cacheProblem;
            _isCacheProblemTaken |= problem is not null;
            return problem;
        }
    }

    /// <summary>What the run that is continued has completed of a step that takes no part now; null if it has not.</summary>
    /// <param name="step">The step's name.</param>
    internal StepRecord? Done(string step) => _run.Prior(step, 1) is { IsDone: true } done ? done : null;

    /// <summary>Closes the file of digests.</summary>
    public void Dispose() => _digests.Dispose();

    /// <summary>Decides about a step that is about to begin.</summary>
    /// <param name="step">What it is.</param>
    /// <param name="work">Its work.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    /// <param name="context">Its place in the graph; null if it is in none, so that it may rely on all before it.</param>
    /// <exception cref="KinetraException">Its fingerprint cannot be computed.</exception>
    internal StepDecision Decide(StepDefinition step, IStepWork work, int occurrence, StepContext? context)
    {
        StepIdentity identity = work.Identify(occurrence);
        bool isAlways = context is { IsAlways: true };
        bool isCacheable = !isAlways && IsCacheable(step, identity);
        StepRecord? prior = _run.Prior(identity.Step, identity.Occurrence);
        StepRecord? known = prior ?? (isCacheable ? _run.FindLastSuccess(identity.Step, identity.Occurrence) : null);
        identity = identity with { Written = known?.Written ?? [], Consumed = ConsumedBy(identity, context) };
        Fingerprinter fingerprinter = new(_digests, _key, work.Mask, identity.Tools.Count > 0 ? _tools.Of(work.Tools, identity) : null, _shared);
        Fingerprint now = fingerprinter.Compute(identity);

        string? why = context is not null && Cache is not null && !isCacheable
            ? (step.UsesCache ? "it does not declare both inputs and outputs, so it always runs" : "it does not use the cache")
            : "a run from the start";
        if (isAlways)
        {
            why = "it runs whatever became of the others";
        }
        else if (_run.ContinuesId is { } continued)
        {
            why = prior is null ? $"not reached in run {continued}" : WhyAgain(prior, identity, now, context);
            if (why is null)
            {
                return new StepDecision(identity, fingerprinter, now, prior, IsTakenOver: true, $"{(prior!.Status == StepStatus.Cached ? "in the cache since" : "completed in")} run {prior.ResumedFrom}, and nothing that it declares has changed");
            }
        }

        if (isCacheable && !IgnoresCache)
        {
            (StepReused? cached, string reason) = LookUp(identity, now, known?.Outputs ?? []);
            if (cached is not null)
            {
                NoteGraph(context, prior is { IsDone: true, Fingerprint: { } then } && then.Hash != now.Hash, identity);
                return new StepDecision(identity, fingerprinter, now, prior, IsTakenOver: false, reason) { Cached = cached };
            }

            why = prior is not null ? why : reason.Length > 0 ? reason : WhyNew(known, now);
        }
        else if (isCacheable)
        {
            // If it fails now, what it made before is not to stand for it.
            UseCache(() => Cache!.Forget(now.Hash));
        }

        bool mayOutdate = context is null && MayOutdate(identity.Step, occurrence);
        if (mayOutdate)
        {
            _ranAgain ??= identity.Step;
        }

        NoteGraph(context, prior is { IsDone: true }, identity);
        return new StepDecision(identity, fingerprinter, now, prior, IsTakenOver: false, why) { MayOutdate = mayOutdate, IsCacheable = isCacheable };
    }

    /// <summary>
    /// Whether what comes behind a step outside of the graph, and was completed before, may rely on what the step was before it runs now. What came
    /// behind one that failed or was interrupted did without it.
    /// </summary>
    /// <param name="step">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    internal bool MayOutdate(string step, int occurrence) =>
        _run.ContinuesId is not null && _run.Prior(step, occurrence) is null or { IsDone: true };

    /// <summary>Looks at a step that has succeeded.</summary>
    /// <exception cref="KinetraException">A file cannot be read.</exception>
    internal StepResult Examine(StepDecision decision)
    {
        IReadOnlyList<string> missing = OutputSet.Missing(decision.Identity);
        if (missing.Count > 0)
        {
            return new StepResult([], [], [], missing);
        }

        IReadOnlyList<OutputDigest> outputs = OutputSet.Compute(decision.Identity, _digests);
        (IReadOnlyList<string> written, IReadOnlyList<string> changed) = decision.Fingerprinter.FilesSince(decision.Fingerprint, decision.Identity);
        return new StepResult(outputs, written, changed, []);
    }

    /// <summary>Keeps what a step has made, for later runs. That it cannot be kept is no failure: see <see cref="TakeCacheProblem"/>.</summary>
    /// <param name="decision">What was decided about it.</param>
    /// <param name="made">What it has made.</param>
    /// <param name="duration">How long it took.</param>
    internal void Keep(StepDecision decision, StepResult made, TimeSpan duration)
    {
        if (!decision.IsCacheable || made.Changed.Count > 0)
        {
            return;
        }

        StepIdentity identity = decision.Identity;
        List<CachedOutput> outputs = [];
        OutputPlaces places = new(identity.ProjectDirectory);
        foreach (OutputDigest output in made.Outputs)
        {
            if (CachedOutput.Of(output, places) is not { } kept)
            {
                // It was removed meanwhile.
                return;
            }

            outputs.Add(kept);
        }

        UseCache(() =>
        {
            // Only ever set: "|=" would read it before the store, and take back what another thread has set meanwhile.
            if (Cache!.Store(decision.Fingerprint.Hash, new CachedStep(identity.Workflow, identity.Step, _runId, duration, outputs, made.Written), identity.ProjectDirectory))
            {
                HasKept = true;
            }

            return true;
        });
    }

    /// <summary>
    /// Whether a step that would be run as things are now may turn out to be known when it begins, as what it reads is another thing by then: for a
    /// preview.
    /// </summary>
    /// <param name="step">What it is; none that always runs.</param>
    /// <param name="identity">What it is made of.</param>
    /// <param name="now">Its fingerprint as things are now; null if it has none, as an input is missing.</param>
    /// <param name="isSettled">Whether a component of it, named by its label, stays as it is until the step begins.</param>
    internal bool MayBeKnown(StepDefinition step, StepIdentity identity, Fingerprint? now, Func<string, bool> isSettled)
    {
        StepRecord? prior = _run.Prior(identity.Step, identity.Occurrence);
        if (_run.ContinuesId is not null && prior is { IsDone: true, IsReusable: true, Fingerprint: { } then } && !IsOther(then))
        {
            return true;
        }

        if (!IsCacheable(step, identity))
        {
            return false;
        }

        UseCache(() => (_entries ??= Cache!.Entries()).Count > 0);
        Fingerprint?[] known = [prior?.Fingerprint, _run.FindLastSuccess(identity.Step, identity.Occurrence)?.Fingerprint];
        return _entries is { } entries && entries[(identity.Workflow, identity.Step)].Any(hash => Array.Find(known, one => one?.Hash == hash) is not { } one || !IsOther(one));

        bool IsOther(Fingerprint one) =>
            now is not null && one.Components.Count > 0 && FingerprintDiff.Changes(one, now).Any(change => isSettled((change.Then ?? change.Now)!.Label));
    }

    private bool IsCacheable(StepDefinition step, StepIdentity identity) => step.UsesCache && Cache is not null && DeclaresAll(identity);

    private static bool DeclaresAll(StepIdentity identity) => identity.Inputs.Count > 0 && identity.Outputs.Count > 0;

    private static IReadOnlyList<ConsumedOutputs> ConsumedBy(StepIdentity identity, StepContext? context)
    {
        if (context is null || identity.Inputs.Count > 0)
        {
            return [];
        }

        List<ConsumedOutputs> consumed = [];
        foreach (StepRecord step in context.Upstream)
        {
            if (step.IsDone && step.Outputs.Count > 0)
            {
                consumed.Add(new ConsumedOutputs(step.Name, step.Outputs));
            }
        }

        return consumed;
    }

    private void NoteGraph(StepContext? context, bool isOther, StepIdentity identity)
    {
        if (context is not null && isOther)
        {
            _ranAgainInGraph ??= identity.Step;
        }
    }

    private static string WhyNew(StepRecord? success, Fingerprint now) =>
        success?.Fingerprint is not { } then ? "it has not succeeded before, as far as is known"
        : FingerprintDiff.Describe(then, now) ?? (success.IsReusable ? "the cache does not have it" : ChangedWhileItRan(success));

    private static string Describe(IReadOnlyList<OutputChange> changes) => changes[0] + (changes.Count > 1 ? $", and {changes.Count - 1} more" : "");

    private static string ChangedWhileItRan(StepRecord step) => $"what it reads changed while it ran in run {step.ResumedFrom}";

    private (StepReused? Cached, string Reason) LookUp(StepIdentity identity, Fingerprint now, IReadOnlyList<OutputDigest> before)
    {
        (StepReused?, string) found = (null, "");
        UseCache(() =>
        {
            if (Cache!.Find(now.Hash) is not { } known)
            {
                return false;
            }

            List<OutputDigest> outputs = [];
            foreach (CachedOutput output in known.Outputs)
            {
                outputs.Add(new OutputDigest(output.Path, output.Sha256));
            }

            StepReused reused = new(known.RunId, now, outputs, known.Written);
            OutputComparison comparison = new(identity, known, outputs, before, _digests);
            if (comparison.Refusal is { } refusal)
            {
                found = (null, refusal);
                return true;
            }

            if (comparison.IsSame)
            {
                // A directory that is declared and was left empty has no file that could be compared.
                found = OutputSet.Missing(identity) is { Count: > 0 } missing
                    ? (null, $"output {missing[0]} is gone")
                    : (reused, $"nothing that it declares has changed since run {known.RunId}");
                return true;
            }

            bool isBack = IsPreview ? Cache.Has(known, comparison.Changed) : Cache.TryRestore(known, comparison.Changed, identity.ProjectDirectory);
            if (isBack && !IsPreview)
            {
                comparison.LeftOver.ForEach(RemoveLeftOver);
            }

            found = isBack
                ? (reused with { Restored = [.. comparison.Changed, .. comparison.LeftOver.Select(file => file.Display)] }, $"restored from the cache as in run {known.RunId}: {comparison}")
                : (null, $"{comparison}, and the cache does not have all of it any more");
            return true;
        });
        return found;
    }

    private static void RemoveLeftOver(FilePath file)
    {
        try
        {
            NativeFile.Remove(file.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.CacheUnusable, $"The step cache cannot be used: {file}, which the step had made of other inputs, cannot be removed: {Errno.Describe(error)}. The step is run. Set the rights of its directory.", error);
        }
    }

    // Steps go on without a cache that cannot be used; it is said once.
    private void UseCache(Func<bool> use)
    {
        try
        {
            use();
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.CacheUnusable)
        {
            lock (_gate)
            {
                _cacheProblem ??= error;
            }
        }
    }

    private string? WhyAgain(StepRecord prior, StepIdentity identity, Fingerprint now, StepContext? context)
    {
        if (!prior.IsDone)
        {
            return prior.Status switch
            {
                StepStatus.Failed => $"failed in run {prior.ResumedFrom}",
                StepStatus.Skipped => $"not run in run {prior.ResumedFrom}",
                _ => $"interrupted in run {prior.ResumedFrom}",
            };
        }

        if (!prior.IsReusable)
        {
            return ChangedWhileItRan(prior);
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
            return Describe(changes);
        }

        if (OutputSet.Missing(identity) is { Count: > 0 } missing)
        {
            return $"output {missing[0]} is gone";
        }

        // The step is to see it, though what is an output does not count as an input.
        if (DeclaresAll(identity) && AddedInput(prior, identity) is { } added)
        {
            return $"input {added} added";
        }

        // Of a step that declares what it reads and what it writes both were compared. Any other may rely on what is made anew, or
        // have changed a file that is, as one that adds to it.
        if (DeclaresAll(identity))
        {
            return null;
        }

        return (prior.OutdatedBy ?? _ranAgain ?? (context is null ? _ranAgainInGraph : null)) is { } earlier ? $"the earlier step \"{earlier}\" ran again" : RanAgainBefore(prior, context);
    }

    private static string? AddedInput(StepRecord prior, StepIdentity identity)
    {
        FilePath[] added = OutputSet.Added(identity, prior.Outputs);
        if (added.Length == 0)
        {
            return null;
        }

        FilePattern[] inputs = FilePattern.ParseAll(identity.ProjectDirectory, identity.Inputs);
        int found = Array.FindIndex(added, file => Array.Exists(inputs, input => input.Matches(file.Full)));
        return found < 0 ? null : added[found].Display;
    }

    // What a step before it has declared and made is compared; of one that declares nothing only when it ran is known.
    private static string? RanAgainBefore(StepRecord prior, StepContext? context)
    {
        foreach (StepRecord step in context?.Upstream ?? [])
        {
            bool isOfAnotherRun = step.ResumedFrom is null || step.ResumedFrom != prior.ResumedFrom;
            bool isOlder = step.RunNumber > 0 && step.RunNumber < prior.RunNumber;
            if (step.IsDone && step.Outputs.Count == 0 && isOfAnotherRun && !isOlder)
            {
                return $"\"{step.Name}\", which it depends on, ran again";
            }
        }

        return null;
    }
}
