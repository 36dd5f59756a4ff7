using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Scheduling;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>What a run of a graph would do if it began now. Nothing is run or written for it.</summary>
/// <param name="Steps">The selected steps, in the order in which they would start.</param>
/// <param name="Seconds">How long it would take, by the durations given.</param>
/// <param name="CriticalPath">The chain of steps that determines that.</param>
public sealed record WorkflowPlan(IReadOnlyList<PlannedStep> Steps, double Seconds, IReadOnlyList<int> CriticalPath)
{
    /// <summary>Whether a run would run something, as far as is known.</summary>
    public bool WouldRun => Steps.Any(step => step.Action != PlannedAction.Reuse);

    /// <summary>Makes the plan.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Its steps, in the same order.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="durations">How long each is expected to take, in seconds.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="reuse">Decides which of them would be run; made for a preview.</param>
    public static WorkflowPlan Make(StepGraph graph, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, IReadOnlyList<double> durations, WorkflowOptions options, StepReuse reuse)
    {
        PlannedStep[] planned = new PlannedStep[steps.Count];
        StepRecord?[] records = new StepRecord?[steps.Count];
        bool[] isRestored = new bool[steps.Count];
        foreach (int step in graph.Order)
        {
            records[step] = selected[step] ? null : reuse.Done(graph.Steps[step].Name);
            planned[step] = selected[step]
                ? Foresee(graph, steps[step], step, planned, records, isRestored, reuse)
                : new PlannedStep(step, PlannedAction.LeaveOut, "not selected");
        }

        double[] seconds = new double[steps.Count];
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] = planned[i].Action is PlannedAction.Run or PlannedAction.PerhapsRun ? durations[i] : 0;
        }

        Scheduler scheduler = new(SchedulerInput.StepsOf(graph, steps, selected, seconds), SchedulerInput.OptionsOf(options));
        Simulation simulation = new Simulator(scheduler).Run(seconds);
        return new WorkflowPlan(InOrder(scheduler, planned), simulation.Seconds, simulation.DependencyPath);
    }

    private static string ComesBack(string step) => $"depends on what \"{step}\" makes, which comes back from the cache before it";

    // The order in which they would start, one after another.
    private static IReadOnlyList<PlannedStep> InOrder(Scheduler scheduler, PlannedStep[] planned)
    {
        List<PlannedStep> ordered = [];
        Queue<int> running = [];
        Scheduler copy = scheduler.Copy();
        while (!copy.IsDone)
        {
            while (copy.TryStart(out int step))
            {
                ordered.Add(planned[step]);
                running.Enqueue(step);
            }

            copy.End(running.Dequeue(), StepEnd.Succeeded);
        }

        return ordered;
    }

    private static PlannedStep Foresee(StepGraph graph, WorkflowStep step, int index, PlannedStep[] planned, StepRecord?[] records, bool[] isRestored, StepReuse reuse)
    {
        List<StepRecord> upstream = [];
        string? before = null;
        string? restored = null;
        foreach (Dependency dependency in graph.DependenciesOf(index))
        {
            if (records[dependency.Step] is { } record)
            {
                upstream.Add(record);
            }

            if (planned[dependency.Step].Action is PlannedAction.Run or PlannedAction.PerhapsRun)
            {
                before ??= graph.Steps[dependency.Step].Name;
            }

            if (isRestored[dependency.Step])
            {
                restored ??= graph.Steps[dependency.Step].Name;
            }
        }

        try
        {
            StepDecision decision = reuse.Decide(step.Definition, step.Work, 1, new StepContext(upstream) { IsAlways = graph.Steps[index].Always });
            if (!decision.IsTakenOver && decision.Cached is null)
            {
                // What it reads is not yet what it will read.
                return restored is null || decision.Identity.Inputs.Count == 0
                    ? new PlannedStep(index, PlannedAction.Run, decision.Reason)
                    : new PlannedStep(index, PlannedAction.PerhapsRun, ComesBack(restored));
            }

            if (before is not null)
            {
                return new PlannedStep(index, PlannedAction.PerhapsRun, $"depends on what \"{before}\" makes, which runs before it");
            }

            isRestored[index] = decision.Cached is { IsRestored: true };
            records[index] = decision.Cached is { } cached ? StepRecord.OfReused(graph.Steps[index].Name, cached) : decision.Prior;
            return new PlannedStep(index, PlannedAction.Reuse, decision.Reason);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.InputMissing && before is not null)
        {
            return new PlannedStep(index, PlannedAction.Run, $"what it reads is not there yet; \"{before}\" runs before it");
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.InputMissing && restored is not null)
        {
            return new PlannedStep(index, PlannedAction.PerhapsRun, ComesBack(restored));
        }
        catch (KinetraException error)
        {
            return new PlannedStep(index, PlannedAction.Fail, $"{error.Code}: {step.Work.Mask(error.Message)}");
        }
    }
}
