namespace Kinetra.Build.Core.Scheduling;

/// <summary>
/// Runs the rest of a graph in no time: a copy of the <see cref="Scheduler"/> that runs it decides, so that order, limits, pools and
/// what has been done, runs and waits are those of the run itself. Steps are taken to succeed. A simulator can be used again and again
/// for the same moment, with other durations. Not safe for several threads at a time.
/// </summary>
public sealed class Simulator
{
    private readonly Scheduler _now;
    private readonly double[] _ends;
    private readonly int[] _startedBy;

    /// <summary>Looks at a run.</summary>
    /// <param name="scheduler">The scheduler as it is now; it is copied, and stays as it is.</param>
    public Simulator(Scheduler scheduler)
    {
        _now = scheduler.Copy();
        (_ends, _startedBy) = (new double[Count], new int[Count]);
    }

    private int Count => _now.Graph.Steps.Length;

    /// <summary>Simulates the rest.</summary>
    /// <param name="seconds">For each step, how long it takes from now or from its start; for one that has ended it does not matter.</param>
    /// <param name="pauses">For each step that pauses, how long until its next attempt may begin; null for no time.</param>
    public Simulation Run(IReadOnlyList<double> seconds, IReadOnlyList<double>? pauses = null)
    {
        double[] durations = seconds as double[] ?? [.. seconds];
        double end = Run(durations, pauses, onStart: null, out int last);
        return last < 0 ? new Simulation(0, [], []) : new Simulation(end, Back(last, _startedBy), Back(last, LatestDependencies()));
    }

    /// <summary>The time until all is done, without the paths.</summary>
    internal double Seconds(double[] seconds, IReadOnlyList<double>? pauses = null) => Run(seconds, pauses, onStart: null, out _);

    /// <summary>Simulates the rest and tells of each start.</summary>
    /// <returns>The time of the end.</returns>
    internal double Run(double[] seconds, IReadOnlyList<double>? pauses, Action<int, double>? onStart, out int last)
    {
        Scheduler scheduler = _now.Copy();
        EventHeap events = new();
        for (int i = 0; i < Count; i++)
        {
            (_startedBy[i], _ends[i]) = (-1, -1);
            if (scheduler.StateOf(i) == StepState.Running)
            {
                events.Push(seconds[i], i);
            }
            else if (scheduler.StateOf(i) == StepState.Paused)
            {
                events.Push(pauses?[i] ?? 0, i);
            }
            else if (scheduler.StateOf(i) == StepState.Abandoned)
            {
                scheduler.End(i, StepEnd.Failed);
            }
        }

        double now = 0;
        last = -1;
        int cause = -1;
        while (true)
        {
            while (scheduler.TryStart(out int step))
            {
                _startedBy[step] = cause;
                events.Push(now + seconds[step], step);
                onStart?.Invoke(step, now);
            }

            if (events.Count == 0)
            {
                return last < 0 ? 0 : _ends[last];
            }

            now = events.Pop(out int next);
            if (scheduler.StateOf(next) == StepState.Paused)
            {
                scheduler.EndPause(next);
                cause = -1;
                continue;
            }

            scheduler.End(next, StepEnd.Succeeded);
            _ends[next] = now;
            (last, cause) = (next, next);
        }
    }

    private static List<int> Back(int last, int[] before)
    {
        List<int> path = [];
        for (int step = last; step >= 0; step = before[step])
        {
            path.Add(step);
        }

        path.Reverse();
        return path;
    }

    // For each step the one of its dependencies that ended last, if it had still to end. One that does not take part stands for what
    // is before it.
    private int[] LatestDependencies()
    {
        SchedulerGraph graph = _now.Graph;
        int[] latest = new int[Count];
        Array.Fill(latest, -1);
        foreach (int step in graph.Order)
        {
            int other = graph.Steps[step].IsSelected ? step : latest[step];
            if (other < 0 || _ends[other] < 0)
            {
                continue;
            }

            foreach (int edge in graph.DependentsOf(step))
            {
                int found = latest[edge >> 1];
                latest[edge >> 1] = found < 0 || _ends[other] > _ends[found] ? other : found;
            }
        }

        // A step that runs whatever happens waits for all that are not such.
        int lastOfOthers = -1;
        for (int i = 0; i < Count; i++)
        {
            SchedulerTraits step = graph.Steps[i];
            lastOfOthers = step is { Always: false, IsSelected: true } && _ends[i] >= 0 && (lastOfOthers < 0 || _ends[i] > _ends[lastOfOthers]) ? i : lastOfOthers;
        }

        for (int i = 0; i < Count; i++)
        {
            latest[i] = latest[i] < 0 && graph.Steps[i].Always ? lastOfOthers : latest[i];
        }

        return latest;
    }
}
