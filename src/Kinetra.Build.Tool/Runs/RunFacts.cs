using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Projects;

namespace Kinetra.Build.Tool.Runs;

/// <summary>What the tool shows and compares of a run, whether its journal tells it or the state that a binlog has embedded.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="Duration">How long it took; null if its end is not recorded.</param>
/// <param name="Steps">The steps in the order in which they began.</param>
internal sealed record RunFacts(string Workflow, string Id, RunStatus Status, DateTimeOffset StartTime, TimeSpan? Duration, IReadOnlyList<StepFacts> Steps)
{
    /// <summary>Whether it goes on.</summary>
    public bool IsAlive { get; init; }

    /// <summary>The process that ran it, if that was killed and no later run has recorded it yet; else null.</summary>
    public int? KilledProcess { get; init; }

    /// <summary>Whether it was killed, and no later run has recorded that yet.</summary>
    public bool IsKilled => KilledProcess is not null;

    /// <summary>The run that it continues; null if it began from the start.</summary>
    public string? ContinuesId { get; init; }

    /// <summary>How far it is; null if that is not known, and after the end.</summary>
    public RunEstimate? Estimate { get; init; }

    /// <summary>What determined how long its graph took; null before the end, and without a graph.</summary>
    public GraphTiming? Timing { get; init; }

    /// <summary>Why it failed; null if it did not, or if a step's error says it.</summary>
    public string? Error { get; init; }

    /// <summary>The run log, as it is to be shown; null if that is not known.</summary>
    public string? LogFile { get; init; }

    /// <summary>The report, as it is to be shown; null if there is none.</summary>
    public string? ReportFile { get; init; }

    /// <summary>How to continue it (<see cref="Runs.ResumeHint"/>); null if nobody has said that.</summary>
    public string? ResumeHint { get; init; }

    /// <summary>What the journal tells of the run itself: for a head that is shown again and again, beside steps that may be many.</summary>
    public static RunFacts WithoutSteps(ArchivedRun run) => new(run.Workflow, run.Id, run.Status, run.StartTime, run.Duration, [])
    {
        IsAlive = run.IsAlive,
        KilledProcess = run.IsKilled ? run.ProcessId : null,
        ContinuesId = run.ContinuesId,
        Estimate = run.Estimate,
        Timing = run.Timing,
        Error = run.Error,
        LogFile = PathDisplay.Of(run.LogFile.Full),
    };

    /// <summary>What the journal and the other files of the run tell.</summary>
    public static RunFacts Of(ArchivedRun run) => WithoutSteps(run) with
    {
        Steps = [.. run.Steps.Select(StepFacts.Of)],
        ReportFile = File.Exists(run.ReportFile.Full) ? PathDisplay.Of(run.ReportFile.Full) : null,
        ResumeHint = Runs.ResumeHint.Of(run),
    };
}
