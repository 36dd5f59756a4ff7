using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Workflows;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>A graph of steps that a test does itself.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Behaviours">What each of its steps does.</param>
/// <param name="Selected">Which of them take part.</param>
/// <param name="Options">How they are run.</param>
internal sealed record TestWorkflow(StepGraph Graph, Behaviour[] Behaviours, bool[] Selected, WorkflowOptions Options)
{
    /// <summary>All of some steps, without pools.</summary>
    public static TestWorkflow Of(TestProject project, int maxParallel, params (GraphStep Step, Behaviour Behaviour)[] steps) => new(
        StepGraph.Create(project.Folder.Root, [.. steps.Select(step => step.Step)], []),
        [.. steps.Select(step => step.Behaviour)],
        [.. steps.Select(_ => true)],
        new WorkflowOptions(maxParallel, new Dictionary<string, int>(), TimeSpan.FromSeconds(30)));
}
