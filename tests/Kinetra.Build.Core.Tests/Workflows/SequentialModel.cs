using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>
/// What is to become of the steps of a graph, said in the simplest way: one after another, in an order in which each comes behind what it
/// depends on.
/// </summary>
internal static class SequentialModel
{
    /// <summary>What becomes of each step that takes part.</summary>
    /// <param name="workflow">The graph.</param>
    /// <param name="halted">
    /// The steps that a failure or a stop has kept from running, or has ended, with what became of them: which ones that are depends on who was first,
    /// so it is taken from the run itself. All that follows from it is not.
    /// </param>
    public static Dictionary<string, StepStatus> Of(TestWorkflow workflow, IReadOnlyDictionary<int, StepStatus> halted)
    {
        Dictionary<int, StepStatus> all = [];
        foreach (int step in workflow.Graph.Order)
        {
            all[step] = halted.TryGetValue(step, out StepStatus forced) ? forced
                : workflow.Graph.DependenciesOf(step).Any(dependency => Bars(workflow, all, step, dependency)) ? StepStatus.Skipped
                : !workflow.Selected[step] || workflow.Behaviours[step].Succeeds ? StepStatus.Completed
                : StepStatus.Failed;
        }

        return all.Where(step => workflow.Selected[step.Key]).ToDictionary(step => workflow.Graph.Steps[step.Key].Name, step => step.Value);
    }

    private static bool Bars(TestWorkflow workflow, Dictionary<int, StepStatus> all, int step, Dependency dependency)
    {
        StepStatus before = all[dependency.Step];
        return before != StepStatus.Completed
            && (dependency.MustSucceed || (!workflow.Graph.Steps[step].Always && (before == StepStatus.Skipped || workflow.Graph.Steps[dependency.Step].IsCritical)));
    }
}
