using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>A step of a run that has ended, as others are told of it. Secrets are masked in its texts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Occurrence">1, or more for a name that recurs in the run.</param>
/// <param name="Status">How it ended.</param>
/// <param name="WasRun">Whether it was begun in this run, rather than being taken over, found in the cache, or skipped.</param>
/// <param name="IsCritical">Whether its failure fails the workflow.</param>
/// <param name="Duration">How long it took in this run; zero for one that was not run.</param>
/// <param name="Attempts">How many attempts were made in this run.</param>
/// <param name="Reason">Why it was run, or was not, in one line; null if that is not known.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
/// <param name="LogFile">The output of its last attempt, as the user would write the path; null if there is none.</param>
public sealed record PublishedStep(
    string Name,
    int Occurrence,
    StepStatus Status,
    bool WasRun,
    bool IsCritical,
    TimeSpan Duration,
    int Attempts,
    string? Reason,
    string? Error,
    string? LogFile)
{
    /// <summary>A name that no other step of the run has.</summary>
    public string Label => Occurrence > 1 ? $"{Name} #{Occurrence}" : Name;

    /// <summary>What happened to a step that failed, in one line; null if it did not fail.</summary>
    public string? FirstLine => ErrorText.FirstLine(Error);
}
