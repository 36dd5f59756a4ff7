using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>What became of a step.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Attempts">How many attempts were made.</param>
/// <param name="ExitCode">The last exit code; null if no program ran to its end.</param>
/// <param name="Duration">How long it took, pauses included.</param>
/// <param name="LogFile">The last attempt's output, as the user would write the path; null if it printed nothing.</param>
/// <param name="Failure">What to report; null if it succeeded.</param>
public sealed record StepOutcome(StepStatus Status, int Attempts, int? ExitCode, TimeSpan Duration, string? LogFile, KinetraException? Failure)
{
    /// <summary>What the run knows of it.</summary>
    public required StepRecord Record { get; init; }

    /// <summary>The run that completed it before, so that it was not run now; null if it was run.</summary>
    public string? ResumedFrom { get; init; }

    /// <summary>Why it was run, or was not, in one line.</summary>
    public string? Reason { get; init; }

    /// <summary>What is to be said of a step that succeeded; null if nothing is.</summary>
    public KinetraException? Warning { get; init; }
}
