using System.Globalization;
using Kinetra.Build.Core.Graphs;

namespace Kinetra.Build.Core.Workflows;

/// <summary>Puts a plan into words.</summary>
public static class PlanLines
{
    private const int LongestName = 40;

    /// <summary>The lines.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="expected">How long a step is expected to take; null where nothing is known.</param>
    /// <param name="maxParallel">How many steps may run at a time.</param>
    public static IEnumerable<string> Of(string workflow, WorkflowPlan plan, StepGraph graph, Func<int, TimeSpan?> expected, int maxParallel)
    {
        yield return $"Plan of {workflow}; nothing is run:";
        int width = Math.Min(LongestName, plan.Steps.Count == 0 ? 0 : plan.Steps.Max(step => graph.Steps[step.Step].Name.Length));
        int digits = plan.Steps.Count.ToString(CultureInfo.InvariantCulture).Length;
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            PlannedStep step = plan.Steps[i];
            string number = (i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits);
            bool takesTime = step.Action is PlannedAction.Run or PlannedAction.PerhapsRun;
            string time = takesTime && expected(step.Step) is { } duration ? $" (about {Duration.Format(duration)})" : "";
            yield return $"  {number}  {graph.Steps[step.Step].Name.PadRight(width)}  {Word(step.Action)}{time}: {step.Reason}";
        }

        yield return $"  {Counts(plan)}{Time(plan, graph, expected, maxParallel)}";
    }

    /// <summary>Why not all is up to date, in one line.</summary>
    /// <param name="plan">A plan by which not all is.</param>
    /// <param name="graph">The graph.</param>
    public static string WhyNotUpToDate(WorkflowPlan plan, StepGraph graph)
    {
        List<string> counts = [];
        foreach (PlannedAction action in (PlannedAction[])[PlannedAction.Run, PlannedAction.PerhapsRun, PlannedAction.Fail, PlannedAction.Skip])
        {
            int count = plan.Steps.Count(step => step.Action == action);
            if (count > 0)
            {
                counts.Add($"{count} would {WouldWord(action)}");
            }
        }

        PlannedStep first = plan.Steps.First(step => step.Action != PlannedAction.Reuse);
        return $"Of {CountOf(plan)} {string.Join(", ", counts)}; \"{graph.Steps[first.Step].Name}\", for one: {first.Reason.TrimEnd('.')}. -t:KinetraPlan lists them all.";
    }

    private static string CountOf(WorkflowPlan plan) => $"{plan.Steps.Count} {(plan.Steps.Count == 1 ? "step" : "steps")}";

    private static string Counts(WorkflowPlan plan)
    {
        List<string> counts = [];
        foreach (PlannedAction action in (PlannedAction[])[PlannedAction.Run, PlannedAction.PerhapsRun, PlannedAction.Reuse, PlannedAction.Fail, PlannedAction.Skip])
        {
            int count = plan.Steps.Count(step => step.Action == action);
            if (count > 0)
            {
                counts.Add($"{count} {CountWord(action)}");
            }
        }

        return $"{CountOf(plan)}: {string.Join(", ", counts)}.";
    }

    // A sum with unknown parts would be a guess.
    private static string Time(WorkflowPlan plan, StepGraph graph, Func<int, TimeSpan?> expected, int maxParallel)
    {
        PlannedStep[] running = [.. plan.Steps.Where(step => step.Action is PlannedAction.Run or PlannedAction.PerhapsRun)];
        int unknown = running.Count(step => expected(step.Step) is null);
        if (running.Length == 0)
        {
            return "";
        }

        if (unknown == running.Length)
        {
            return " How long it takes is not known yet; give ExpectedDuration to the steps, or run them once.";
        }

        string path = plan.CriticalPath.Count > 1 ? $"; critical path: {string.Join(" → ", plan.CriticalPath.Select(step => graph.Steps[step].Name))}" : "";
        string guess = unknown > 0 ? $" (of {unknown} it is not known; they are counted as the mean of the others)" : "";
        return $" About {Duration.Format(TimeSpan.FromSeconds(plan.Seconds))} with {maxParallel} at a time{guess}{path}.";
    }

    private static string WouldWord(PlannedAction action) => action switch
    {
        PlannedAction.Run => "be run",
        PlannedAction.PerhapsRun => "perhaps be run",
        PlannedAction.Fail => "fail",
        _ => "be skipped",
    };

    private static string CountWord(PlannedAction action) => action switch
    {
        PlannedAction.Run => "to run",
        PlannedAction.PerhapsRun => "perhaps",
        PlannedAction.Reuse => "not to run",
        PlannedAction.Fail => "to fail",
        _ => "to be skipped",
    };

    private static string Word(PlannedAction action) => action switch
    {
        PlannedAction.Run => "runs",
        PlannedAction.PerhapsRun => "perhaps runs",
        PlannedAction.Reuse => "does not run",
        PlannedAction.Fail => "fails",
        PlannedAction.Skip => "skipped",
        _ => "left out",
    };
}
