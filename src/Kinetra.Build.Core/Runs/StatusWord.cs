using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>The words for statuses: in the state file, in outputs and metadata, in what is published, and on the screen.</summary>
public static class StatusWord
{
    /// <summary>The word for a run's status.</summary>
    /// <param name="status">The status.</param>
    public static string Word(this RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Completed => "completed",
        RunStatus.Failed => "failed",
        RunStatus.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The word for a step's status.</summary>
    /// <param name="status">The status.</param>
    public static string Word(this StepStatus status) => status switch
    {
        StepStatus.Running => "running",
        StepStatus.Completed => "completed",
        StepStatus.Failed => "failed",
        StepStatus.Interrupted => "interrupted",
        StepStatus.Skipped => "skipped",
        StepStatus.Cached => "cached",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The status that a word stands for, of a run that has ended.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="JsonException">There is none.</exception>
    public static RunStatus RunStatusOf(string? word) => word switch
    {
        "completed" => RunStatus.Completed,
        "failed" => RunStatus.Failed,
        "interrupted" => RunStatus.Interrupted,
        _ => throw new JsonException("status"),
    };

    /// <summary>The status that a word stands for, of a step.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="JsonException">There is none.</exception>
    public static StepStatus StepStatusOf(string? word) => word switch
    {
        "running" => StepStatus.Running,
        "completed" => StepStatus.Completed,
        "failed" => StepStatus.Failed,
        "interrupted" => StepStatus.Interrupted,
        "skipped" => StepStatus.Skipped,
        "cached" => StepStatus.Cached,
        _ => throw new JsonException("status"),
    };
}
