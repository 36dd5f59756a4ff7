using Kinetra.Build.Core.Runs;
using Spectre.Console;

namespace Kinetra.Build.Tool.Output;

/// <summary>How statuses look: a sign and a colour. The word is always there; they only help.</summary>
internal static class StatusStyle
{
    /// <summary>The sign of a step's status.</summary>
    public static string Sign(StepStatus status) => status switch
    {
        StepStatus.Running => "▸",
        StepStatus.Completed => "✓",
        StepStatus.Cached => "=",
        StepStatus.Skipped => "-",
        _ => "✗",
    };

    /// <summary>The colour of a step's status.</summary>
    public static Style Of(StepStatus status) => status switch
    {
        StepStatus.Running => new Style(Color.Blue),
        StepStatus.Completed => new Style(Color.Green),
        StepStatus.Cached or StepStatus.Skipped => new Style(decoration: Decoration.Dim),
        _ => new Style(Color.Red),
    };

    /// <summary>The word of a run's status; <c>killed</c> if its build died without a word.</summary>
    public static string Word(RunStatus status, bool isKilled) => isKilled ? "killed" : status.Word();

    /// <summary>The colour of a run's status.</summary>
    public static Style Of(RunStatus status, bool isKilled) => isKilled ? new Style(Color.Red) : status switch
    {
        RunStatus.Running => new Style(Color.Blue),
        RunStatus.Completed => new Style(Color.Green),
        _ => new Style(Color.Red),
    };
}
