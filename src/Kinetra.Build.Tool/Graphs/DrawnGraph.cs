using Kinetra.Build.Core;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A step as it is drawn.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsCritical">Whether the workflow fails if it does.</param>
/// <param name="IsAlways">Whether it runs last, whatever happened.</param>
/// <param name="Pool">The pool that it takes a place of; null for none.</param>
/// <param name="Record">What became of it; null if that is not known.</param>
internal sealed record DrawnStep(string Name, bool IsCritical, bool IsAlways, string? Pool, StepRecord? Record)
{
    /// <summary>How it stands and how long it took: <c>✓ 310 ms</c>; null if nothing is known.</summary>
    public string? Outcome => Record is null ? null : $"{StatusStyle.Sign(Record.Status)} {(StatusView.Time(StepFacts.Of(Record)) is { Length: > 0 } time ? time : Record.Status.Word())}";
}

/// <summary>That a step waits for another.</summary>
/// <param name="From">The index of the step that comes first.</param>
/// <param name="To">The index of the step that waits.</param>
/// <param name="MustSucceed">Whether the first has to succeed.</param>
/// <param name="File">The file by which they hang together; null if <c>DependsOn</c> says so.</param>
internal sealed record DrawnEdge(int From, int To, bool MustSucceed, string? File);

/// <summary>A graph to be drawn.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="RunId">The run that the outcomes are of; null for none.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Edges">The edges.</param>
internal sealed record DrawnGraph(string Workflow, string? RunId, IReadOnlyList<DrawnStep> Steps, IReadOnlyList<DrawnEdge> Edges)
{
    /// <summary>The graph of a project: its <c>KinetraStep</c> items; without any, the steps of the run in the order in which they began.</summary>
    /// <param name="project">The project, with its steps.</param>
    /// <param name="run">The run that tells what became of the steps; null for none.</param>
    /// <exception cref="KinetraException">The graph is wrong, or nothing is known of it.</exception>
    public static DrawnGraph Of(EvaluatedProject project, ArchivedRun? run)
    {
        if (project.Steps.Count > 0)
        {
            return OfItems(project, run);
        }

        if (run is null || run.Steps.Count == 0)
        {
            throw new KinetraException(DiagnosticCodes.NoRuns, project.Targets.Length > 0
                ? $"{Path.GetFileName(project.File)} has no KinetraStep items. In the targets form the steps are known once they have run, so there must be a run to draw."
                : $"{Path.GetFileName(project.File)} has no steps: neither KinetraStep items nor KinetraTargets.");
        }

        // One after another, as MSBuild runs targets.
        DrawnStep[] steps = [.. run.Steps.Select(step => new DrawnStep(StatusView.Name(step), step.IsCritical, false, null, step))];
        return new DrawnGraph(project.Workflow, run.Id, steps, [.. Enumerable.Range(1, steps.Length - 1).Select(to => new DrawnEdge(to - 1, to, false, null))]);
    }

    private static DrawnGraph OfItems(EvaluatedProject project, ArchivedRun? run)
    {
        GraphStep[] nodes = [.. project.Steps.Select(item => new GraphStep(item["Identity"])
        {
            DependsOn = List(item, "DependsOn"),
            Inputs = List(item, "Inputs"),
            Outputs = List(item, "Outputs"),
            IsCritical = !Text(item, "Critical").Equals("false", StringComparison.OrdinalIgnoreCase),
            Always = Text(item, "Always").Equals("true", StringComparison.OrdinalIgnoreCase),
            Pool = Text(item, "Pool") is { Length: > 0 } pool ? pool : null,
        })];
        StepGraph graph = StepGraph.Create(project.Directory, nodes, [.. project.Pools]);
        Dictionary<string, StepRecord> records = [];
        foreach (StepRecord step in run?.Steps ?? [])
        {
            records[step.Name] = step;
        }

        return new DrawnGraph(
            project.Workflow,
            run?.Id,
            [.. nodes.Select(node => new DrawnStep(node.Name, node.IsCritical, node.Always, node.Pool, records.GetValueOrDefault(node.Name)))],
            [.. Enumerable.Range(0, nodes.Length).SelectMany(to => graph.DependenciesOf(to).Select(dependency => new DrawnEdge(dependency.Step, to, dependency.MustSucceed, dependency.File)))]);
    }

    private static string Text(IReadOnlyDictionary<string, string> item, string name) => item.GetValueOrDefault(name, "").Trim();

    private static string[] List(IReadOnlyDictionary<string, string> item, string name) =>
        Text(item, name).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
