using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Scheduling;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>What a run of a graph would do if it began now. Nothing is run or written for it.</summary>
/// <param name="Steps">The selected steps, in the order in which they would start.</param>
/// <param name="Seconds">How long it would take, by the durations given.</param>
/// <param name="CriticalPath">The chain of steps that determines that.</param>
public sealed record WorkflowPlan(IReadOnlyList<PlannedStep> Steps, double Seconds, IReadOnlyList<int> CriticalPath)
{
    /// <summary>Whether a run would for certain neither run a step nor fail.</summary>
    public bool IsUpToDate => Steps.All(step => step.Action == PlannedAction.Reuse);

    /// <summary>Makes the plan.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Its steps, in the same order.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="durations">How long each is expected to take, in seconds.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="reuse">Decides which of them would be run; made for a preview.</param>
    public static WorkflowPlan Make(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, IReadOnlyList<double> durations, WorkflowOptions options, StepReuse reuse)
    {
        PlannedStep[] planned = new PlanForesight(graph, steps, selected, reuse).Foresee();
        PlanOrder order = InOrder(graph, steps, selected, durations, options, planned);
        double[] seconds = SecondsOf(planned, durations);
        Simulation simulation = new Simulator(SchedulerOf(graph, steps, selected, durations, options)).Run(seconds);
        return new WorkflowPlan([.. order.Order.Select(step => planned[step])], simulation.Seconds, simulation.DependencyPath);
    }

    // Ordered by what each step usually takes, as the run does, which does not know beforehand whether it will be in the cache.
    private static Scheduler SchedulerOf(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, IReadOnlyList<double> durations, WorkflowOptions options) =>
        new(SchedulerInput.StepsOf(graph, steps, selected, durations), SchedulerInput.OptionsOf(options));

    private static double[] SecondsOf(PlannedStep[] planned, IReadOnlyList<double> durations)
    {
        double[] seconds = new double[planned.Length];
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] = planned[i].Action is PlannedAction.Run or PlannedAction.PerhapsRun ? durations[i] : 0;
        }

        return seconds;
    }

    // Which steps do not start because others fail is said of them, too.
    private static PlanOrder InOrder(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, IReadOnlyList<double> durations, WorkflowOptions options, PlannedStep[] planned)
    {
        // Of several at a time nobody can tell which ones have started when one fails; what depends on that does not start in any case.
        bool isSure = options.MaxParallel == 1 || options.KeepsGoing;
        PlanOrder order = new(SchedulerOf(graph, steps, selected, durations, options with { KeepsGoing = options.KeepsGoing || !isSure }), SecondsOf(planned, durations), step => planned[step].Action == PlannedAction.Fail);
        foreach (SkippedStep skipped in order.Skipped.Values)
        {
            bool isHalted = !isSure && Halts(skipped.Because!.Value) && !graph.Steps[skipped.Step].Always;
            SkipCause cause = isHalted ? SkipCause.CriticalFailed : skipped.Cause;
            planned[skipped.Step] = new PlannedStep(skipped.Step, PlannedAction.Skip, SkipReason.Of(graph, skipped with { Cause = cause }));
        }

        if (!isSure)
        {
            foreach (int step in order.Order.Where(step => planned[step].Action == PlannedAction.Fail && Halts(step)))
            {
                Halt(graph, step, planned);
            }
        }

        return order;

        bool Halts(int failing) => graph.Steps[failing] is { IsCritical: true, Always: false };
    }

    // A critical step fails: only what it waits for has certainly started.
    private static void Halt(StepGraph graph, int failing, PlannedStep[] planned)
    {
        bool[] isBefore = new bool[planned.Length];
        isBefore[failing] = true;
        foreach (int step in graph.Order.Reverse())
        {
            if (isBefore[step])
            {
                foreach (Dependency dependency in graph.DependenciesOf(step))
                {
                    isBefore[dependency.Step] = true;
                }
            }
        }

        bool[] isOpen = new bool[planned.Length];
        foreach (int step in graph.Order)
        {
            isOpen[step] = graph.Steps[step].Always
                ? graph.DependenciesOf(step).Any(dependency => dependency.MustSucceed && isOpen[dependency.Step])
                : !isBefore[step];
            if (isOpen[step] && planned[step].Action == PlannedAction.Run)
            {
                planned[step] = planned[step] with
                {
                    Action = PlannedAction.PerhapsRun,
                    Reason = $"{planned[step].Reason}, but the critical step \"{graph.Steps[failing].Name}\" fails, perhaps before this one starts",
                };
            }
        }
    }
}
