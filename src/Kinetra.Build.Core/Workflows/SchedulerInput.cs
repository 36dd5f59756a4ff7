using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Workflows;

/// <summary>A graph of steps in the scheduler's terms.</summary>
internal static class SchedulerInput
{
    // The pool of steps for the engine, which runs one at a time: they are not to hold places while they wait for each other.
    private const string EnginePool = "\0engine";

    /// <summary>The graph's steps for a scheduler.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Its steps, in the same order.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="durations">How long each is expected to take, in seconds.</param>
    public static IReadOnlyList<SchedulerStep> StepsOf(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, IReadOnlyList<double> durations)
    {
        SchedulerStep[] described = new SchedulerStep[steps.Count];
        for (int i = 0; i < described.Length; i++)
        {
            IReadOnlyList<Dependency> dependencies = graph.DependenciesOf(i);
            List<int> all = new(dependencies.Count);
            List<int> demanded = [];
            for (int j = 0; j < dependencies.Count; j++)
            {
                (dependencies[j].MustSucceed ? demanded : all).Add(dependencies[j].Step);
            }

            GraphStep step = graph.Steps[i];
            described[i] = new SchedulerStep
            {
                DependsOn = all,
                RequiresSuccessOf = demanded,
                Priority = step.Priority,
                Pool = step.Pool ?? (steps[i].IsForEngine ? EnginePool : null),
                IsCritical = step.IsCritical,
                Always = step.Always,
                IsSelected = selected[i],
                Seconds = durations[i],
            };
        }

        return described;
    }

    /// <summary>The limits for a scheduler.</summary>
    /// <param name="options">How the graph is run.</param>
    public static SchedulerOptions OptionsOf(WorkflowOptions options) => new(options.MaxParallel)
    {
        KeepGoing = options.KeepsGoing,
        Pools = new Dictionary<string, int>(options.Pools) { [EnginePool] = 1 },
    };
}
