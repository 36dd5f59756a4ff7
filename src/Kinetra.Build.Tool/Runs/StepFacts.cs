using System.Globalization;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Runs;

/// <summary>What the tool shows and compares of a step, whether the run's journal or a state file tells it.</summary>
/// <param name="Name">Its name, with its number if it recurs.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="Duration">How long it took; null while it runs.</param>
/// <param name="Attempts">How many attempts were begun.</param>
internal sealed record StepFacts(string Name, StepStatus Status, DateTimeOffset StartTime, TimeSpan? Duration, int Attempts)
{
    /// <summary>Whether its failure fails the workflow.</summary>
    public required bool IsCritical { get; init; }

    /// <summary>Why it was run, or was not.</summary>
    public string? Reason { get; init; }

    /// <summary>The run that did the work, if it was an earlier one.</summary>
    public string? ResumedFrom { get; init; }

    /// <summary>The last exit code; null if no program ran to its end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>How far it is, in percent; null if it has not told.</summary>
    public int? Progress { get; init; }

    /// <summary>How long it had to wait for a place; null outside of a graph.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>How long it usually takes; null if that is not known.</summary>
    public TimeSpan? UsualDuration { get; init; }

    /// <summary>What it was made of; null if that is not known, as in a state file.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>As <see cref="StepRecord.WasRun"/>.</summary>
    public bool WasRun => ResumedFrom is null && Status != StepStatus.Skipped;

    /// <summary>What the journal tells.</summary>
    public static StepFacts Of(StepRecord step) => new(StatusView.Name(step), step.Status, step.StartTime, step.Duration, step.AttemptsBegun)
    {
        IsCritical = step.IsCritical,
        Reason = step.Reason,
        ResumedFrom = step.ResumedFrom,
        ExitCode = step.ExitCode,
        Error = step.Error,
        Progress = step.Progress,
        Waited = step.Waited,
        UsualDuration = step.UsualDuration,
        Fingerprint = step.Fingerprint,
    };

    /// <summary>A name with its number if it recurs: <c>load</c>, <c>load#2</c>.</summary>
    public static string NameOf(string name, int occurrence) => occurrence > 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}#{occurrence}") : name;
}
