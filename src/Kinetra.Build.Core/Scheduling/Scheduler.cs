namespace Kinetra.Build.Core.Scheduling;

/// <summary>
/// Decides which step starts next: of those whose dependencies have ended, the one with the highest
/// <see cref="SchedulerStep.Priority"/>, then with the longest remaining path in seconds (critical-path list scheduling, which
/// for a graph without pools ends within twice the best possible time: R. L. Graham, Bounds on Multiprocessing Timing Anomalies,
/// 1969; usually within a few percent), then with the lowest index. It only decides: the real runner and <see cref="Simulator"/>
/// drive the same code. Each operation costs O(log n) for each step and dependency that it concerns. Not safe for several
/// threads at a time; the caller locks.
/// </summary>
/// <remarks>
/// A critical step that fails stops all that has not started, or with <see cref="SchedulerOptions.KeepGoing"/> only what depends on it.
/// Behind one that is not critical only those are skipped that require its success. What depends on a skipped step is skipped
/// too. Steps that run <see cref="SchedulerStep.Always"/> begin when no other is left; only <see cref="SchedulerStep.RequiresSuccessOf"/> skips them.
/// </remarks>
public sealed class Scheduler
{
    private readonly SchedulerOptions _options;
    private readonly StepState[] _states;
    private readonly int[] _open;
    private readonly Places _places;

    // Steps whose end others have still to hear of. A list, as a chain may be too long to recurse.
    private readonly IndexStack _news = new();
    private readonly Queue<int> _abandoned;
    private readonly SkipList _skips;
    private int _unresolved;
    private int _unresolvedRegular;
    private bool _isLastPart;
    private long _visits;

    /// <summary>Makes a scheduler with all steps still to run.</summary>
    /// <param name="steps">The steps, which do not depend on each other in a circle.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">A circle, a dependency or pool that is not there, a limit below 1, or a step that depends on one that runs after all others.</exception>
    public Scheduler(IReadOnlyList<SchedulerStep> steps, SchedulerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxParallel, 1);
        Graph = new SchedulerGraph(steps, options.Pools);
        _options = options;
        _states = new StepState[steps.Count];
        _open = Graph.Dependencies.AsSpan().ToArray();
        _places = new Places(Graph, _states, options.MaxParallel);
        _abandoned = new Queue<int>();
        _skips = new SkipList(steps.Count);
        _unresolved = steps.Count;
        Begin();
    }

    private Scheduler(Scheduler other)
    {
        Graph = other.Graph;
        _options = other._options;
        _states = (StepState[])other._states.Clone();
        _open = other._open.AsSpan().ToArray();
        _places = other._places.Copy(_states);
        _abandoned = other._abandoned.Count == 0 ? new Queue<int>() : new Queue<int>(other._abandoned);
        _skips = other._skips.Copy();
        (_unresolved, _unresolvedRegular) = (other._unresolved, other._unresolvedRegular);
        (_isLastPart, IsStopping, Ended) = (other._isLastPart, other.IsStopping, other.Ended);
    }

    /// <summary>How many steps run now, those that pause not counted.</summary>
    public int Running => _places.Taken;

    /// <summary>How many steps have ended, skipped ones not counted.</summary>
    public int Ended { get; private set; }

    /// <summary>Whether all steps have ended or been skipped.</summary>
    public bool IsDone => _unresolved == 0;

    /// <summary>Whether nothing new starts any more but steps that run <see cref="SchedulerStep.Always"/>.</summary>
    public bool IsStopping { get; private set; }

    internal SchedulerGraph Graph { get; }

    /// <summary>How much work has been done, in visits of dependencies and comparisons: for tests, which do not look at clocks.</summary>
    internal long Operations => _visits + _places.Comparisons;

    /// <summary>A scheduler in the same state, independent of this one: to simulate the rest. Costs O(n), some microseconds for 10,000 steps.</summary>
    public Scheduler Copy() => new(this);

    /// <summary>The longest path from the beginning of a step to the end, in seconds.</summary>
    /// <param name="step">Its index.</param>
    public double RemainingPathOf(int step) => Graph.Remaining[step];

    /// <summary>Takes the step that is to start now, if there is one and a place for it.</summary>
    /// <param name="step">Its index. It runs until <see cref="End"/> or <see cref="Pause"/>.</param>
    public bool TryStart(out int step)
    {
        bool any = _places.TryTake(out step);
        if (any)
        {
            _states[step] = StepState.Running;
        }

        return any;
    }

    /// <summary>Says that a step has ended, which has run or paused.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="end">How it ended.</param>
    /// <exception cref="InvalidOperationException">It has not been started, or has ended before.</exception>
    public void End(int step, StepEnd end)
    {
        switch (_states[step])
        {
            case StepState.Running:
                _places.GiveBack(step);
                break;
            case StepState.Paused or StepState.ReadyAgain or StepState.Abandoned:
                break;
            default:
                throw new InvalidOperationException($"Step {step} cannot end: it is {_states[step]}.");
        }

        Ended++;
        _states[step] = end == StepEnd.Succeeded ? StepState.Succeeded : StepState.Failed;
        Resolve(step);
        SchedulerTraits ended = Graph.Steps[step];
        if (end == StepEnd.Interrupted)
        {
            Halt(SkipCause.Stopped, null);
        }
        else if (end == StepEnd.Failed && ended is { IsCritical: true, Always: false } && !_options.KeepGoing)
        {
            Halt(SkipCause.CriticalFailed, step);
        }

        Spread();
    }

    /// <summary>The build was told to stop: what has not started is skipped, except steps that run <see cref="SchedulerStep.Always"/>.</summary>
    public void Stop()
    {
        Halt(SkipCause.Stopped, null);
        Spread();
    }

    /// <summary>A running step gives its place back until its next attempt.</summary>
    /// <param name="step">Its index.</param>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public void Pause(int step)
    {
        if (_states[step] != StepState.Running)
        {
            throw new InvalidOperationException($"Step {step} cannot pause: it is {_states[step]}.");
        }

        _places.GiveBack(step);
        if (IsStopping && !Graph.Steps[step].Always)
        {
            Abandon(step);
        }
        else
        {
            _states[step] = StepState.Paused;
        }
    }

    /// <summary>
    /// A step can begin its next attempt: <see cref="TryStart"/> hands it out again, before all that are new. Does nothing for
    /// one that is not to have another attempt (see <see cref="TryTakeAbandoned"/>) or has ended meanwhile.
    /// </summary>
    /// <param name="step">Its index.</param>
    public void EndPause(int step)
    {
        if (_states[step] == StepState.Paused)
        {
            _states[step] = StepState.ReadyAgain;
            _places.Queue(step);
        }
    }

    /// <summary>
    /// Takes a step that waits for its next attempt while the run <see cref="IsStopping"/>: it is not handed out again, and the caller
    /// calls <see cref="End"/> for it. Each is given once.
    /// </summary>
    /// <param name="step">Its index.</param>
    public bool TryTakeAbandoned(out int step)
    {
        while (_abandoned.TryDequeue(out step))
        {
            if (_states[step] == StepState.Abandoned)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a step that is not run. Each is given once.</summary>
    /// <param name="skipped">The step and the reason.</param>
    public bool TryTakeSkipped(out SkippedStep skipped) => _skips.TryTake(out skipped);

    internal StepState StateOf(int step) => _states[step];

    private void Begin()
    {
        SchedulerTraits[] steps = Graph.Steps;
        for (int i = 0; i < steps.Length; i++)
        {
            // Those that run last wait for one thing more: the end of all others.
            _unresolvedRegular += steps[i].Always ? 0 : 1;
            _open[i] += steps[i].Always ? 1 : 0;
        }

        for (int i = 0; i < steps.Length; i++)
        {
            if (_states[i] == StepState.Waiting && _open[i] == 0)
            {
                Release(i);
            }
        }

        Spread();
    }

    // Nothing holds the step back any more.
    private void Release(int step)
    {
        if (Graph.Steps[step].IsSelected)
        {
            _states[step] = StepState.Ready;
            _places.Queue(step);
        }
        else
        {
            _states[step] = StepState.Succeeded;
            Resolve(step);
        }
    }

    private void Resolve(int step)
    {
        _unresolved--;
        _unresolvedRegular -= Graph.Steps[step].Always ? 0 : 1;
        _news.Push(step);
    }

    private void Spread()
    {
        SpreadNews();
        if (_unresolvedRegular == 0 && !_isLastPart)
        {
            _isLastPart = true;
            OpenLast();
            SpreadNews();
        }
    }

    private void SpreadNews()
    {
        while (_news.Count > 0)
        {
            int step = _news.Pop();
            foreach (int edge in Graph.DependentsOf(step))
            {
                _visits++;
                int dependent = edge >> 1;
                _open[dependent]--;
                if (_states[dependent] != StepState.Waiting)
                {
                    continue;
                }

                if (Bars(step, dependent, isRequired: (edge & 1) == 1))
                {
                    Skip(dependent, SkipCause.DependencyFailed, _states[step] == StepState.Failed ? step : _skips.BecauseOf(step) ?? step);
                }
                else if (_open[dependent] == 0)
                {
                    Release(dependent);
                }
            }
        }
    }

    private void OpenLast()
    {
        for (int i = 0; i < _states.Length; i++)
        {
            if (Graph.Steps[i].Always && --_open[i] == 0 && _states[i] == StepState.Waiting)
            {
                Release(i);
            }
        }
    }

    private bool Bars(int step, int dependent, bool isRequired) => _states[step] != StepState.Succeeded
        && (isRequired || (!Graph.Steps[dependent].Always && (_states[step] == StepState.Skipped || Graph.Steps[step].IsCritical)));

    private void Skip(int step, SkipCause cause, int? because)
    {
        _states[step] = StepState.Skipped;
        _skips.Add(new SkippedStep(step, cause, because), isReported: Graph.Steps[step].IsSelected);
        Resolve(step);
    }

    private void Halt(SkipCause cause, int? because)
    {
        if (IsStopping)
        {
            return;
        }

        IsStopping = true;
        for (int i = 0; i < _states.Length; i++)
        {
            if (Graph.Steps[i].Always)
            {
                continue;
            }

            if (_states[i] is StepState.Waiting or StepState.Ready)
            {
                Skip(i, cause, because);
            }
            else if (_states[i] is StepState.Paused or StepState.ReadyAgain)
            {
                Abandon(i);
            }
        }
    }

    private void Abandon(int step)
    {
        _states[step] = StepState.Abandoned;
        _abandoned.Enqueue(step);
    }
}
