using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>What a report is made of.</summary>
/// <param name="Run">The run; it has ended.</param>
/// <param name="Graphs">The graphs of steps that it ran; none in the targets form.</param>
/// <param name="History">How long the steps of its graphs took before.</param>
public sealed record ReportSource(WorkflowRun Run, IReadOnlyList<StepGraph> Graphs, DurationHistory History)
{
    /// <summary>The command that continues the run, secrets masked; null if there is nothing to continue.</summary>
    public string? ResumeCommand { get; init; }
}
