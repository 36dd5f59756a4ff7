using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Workflows;

/// <summary>Finds out what determined how long a run of a graph took.</summary>
public static class WorkflowTimings
{
    /// <summary>
    /// The chain of steps that determined the end: from the one that ended last back through the dependency that each waited for
    /// last, as far as these did work.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="progress">How its steps stand at the end.</param>
    /// <returns>What the run is to remember; null if no step did work.</returns>
    public static GraphTiming? Of(StepGraph graph, IReadOnlyList<StepProgress> progress)
    {
        TimeSpan work = TimeSpan.Zero;
        int last = -1;
        for (int i = 0; i < progress.Count; i++)
        {
            if (HasWorked(progress[i]))
            {
                work += progress[i].Record!.Duration ?? TimeSpan.Zero;
                last = last < 0 || progress[i].End > progress[last].End ? i : last;
            }
        }

        if (last < 0)
        {
            return null;
        }

        List<string> path = [];
        TimeSpan length = TimeSpan.Zero;
        for (int step = last; step >= 0; step = Before(graph, progress, step))
        {
            // What had nothing to do only passes on that it waited for others.
            if (HasWorked(progress[step]))
            {
                path.Add(graph.Steps[step].Name);
                length += progress[step].Record!.Duration ?? TimeSpan.Zero;
            }
        }

        path.Reverse();
        return new GraphTiming(path, StateFile.Rounded(length), StateFile.Rounded(work));
    }

    private static int Before(StepGraph graph, IReadOnlyList<StepProgress> progress, int step)
    {
        int before = -1;
        foreach (Dependency dependency in graph.DependenciesOf(step))
        {
            before = Later(progress, before, dependency.Step);
        }

        // A step that runs whatever happens waits for all others.
        bool waitsForAll = before < 0 && graph.Steps[step].Always;
        for (int i = 0; waitsForAll && i < progress.Count; i++)
        {
            before = graph.Steps[i].Always ? before : Later(progress, before, i);
        }

        return before;
    }

    private static int Later(IReadOnlyList<StepProgress> progress, int known, int other) =>
        progress[other] is { IsStarted: true, IsEnded: true } && (known < 0 || progress[other].End > progress[known].End) ? other : known;

    private static bool HasWorked(StepProgress step) => step.IsStarted && step.Record is { WasRun: true };
}
