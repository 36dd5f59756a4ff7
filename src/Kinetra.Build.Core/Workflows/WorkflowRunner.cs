using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Scheduling;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>
/// Runs a graph of steps, several at a time. One lock, one scheduler; a thread that has ended a step takes the next one itself, so a
/// chain of steps needs no change of threads, and there are never more threads than steps at a time. What must run on
/// the calling thread does: attempts of steps for the engine, and whatever is posted.
/// </summary>
public sealed class WorkflowRunner
{
    // How often the calling thread looks what was posted. To wake it for each step that ends would cost more than the rest of what this class does.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    // Whoever tells the run to stop tells the engine too, but perhaps a moment later.
    private static readonly TimeSpan EngineDelay = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly StepGraph _graph;
    private readonly IReadOnlyList<WorkflowStep> _steps;
    private readonly IReadOnlyList<bool> _selected;
    private readonly StepReuse _reuse;
    private readonly WorkflowForecast _forecast;
    private readonly WorkflowOptions _options;
    private readonly WorkflowRun _run;
    private readonly StepRunner _runner;
    private readonly IWorkflowListener _listener;
    private readonly TimeProvider _time;
    private readonly Scheduler _scheduler;
    private readonly StepProgress[] _progress;
    private readonly long _start;

    private readonly Stack<StepThread> _idle = [];
    private readonly List<StepThread> _threads = [];
    private readonly Queue<Action> _forEngine = [];
    private readonly SemaphoreSlim _engineTurn = new(1);
    private readonly Queue<Action> _posted = [];
    private readonly Dictionary<int, ManualResetEventSlim> _pausing = [];
    private readonly Dictionary<int, CancellationTokenSource> _living = [];
    private readonly AutoResetEvent _attention = new(false);
    private Exception? _bug;
    private string? _failed;

    /// <summary>Prepares to run a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Its steps, in the same order.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="forecast">What is known of how long each takes.</param>
    /// <param name="options">How they are run.</param>
    /// <param name="run">The run that they are part of.</param>
    /// <param name="reuse">Decides which of them need not be run.</param>
    /// <param name="listener">Is told what happens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Numbers from 0 up to 1, for pauses.</param>
    public WorkflowRunner(
        StepGraph graph,
        IReadOnlyList<WorkflowStep> steps,
        IReadOnlyList<bool> selected,
        WorkflowForecast forecast,
        WorkflowOptions options,
        WorkflowRun run,
        StepReuse reuse,
        IWorkflowListener listener,
        TimeProvider time,
        Func<double> random)
    {
        (_graph, _steps, _selected, _reuse, _forecast, _options, _run, _listener, _time) = (graph, steps, selected, reuse, forecast, options, run, listener, time);
        _runner = new StepRunner(run, reuse, time, random, listener.Report, listener.Problem);
        _scheduler = new Scheduler(SchedulerInput.StepsOf(graph, steps, selected, forecast.Seconds), SchedulerInput.OptionsOf(options));
        _progress = new StepProgress[steps.Count];
        _start = time.GetTimestamp();
    }

    /// <summary>Called on the calling thread every now and then. Null for nothing.</summary>
    public Action? OnTick { get; set; }

    /// <summary>Tells that the engine was told to stop: from then on it builds nothing, not even for steps that run whatever happened. Default: it is never told.</summary>
    public CancellationToken EngineStopping { get; init; }

    /// <summary>The first critical step that failed; null if none did.</summary>
    public string? FailedStep => _failed;

    /// <summary>Runs the graph to its end on this thread and others.</summary>
    public void Run()
    {
        using (_run.Stopping.Register(Stop))
        {
            try
            {
                // This thread looks after the lines while it waits.
                _run.Log.Hold();
                lock (_gate)
                {
                    Dispatch(null);
                }

                while (Attend())
                {
                    _attention.WaitOne(Tick);
                    _run.Log.Flush();
                    OnTick?.Invoke();
                }
            }
            catch (Exception bug)
            {
                Break(bug);
                throw;
            }
            finally
            {
                Dismiss();
                _run.Log.Release();
            }
        }

        lock (_gate)
        {
            _run.Timing = WorkflowTimings.Of(_graph, _progress);
        }

        if (_bug is not null)
        {
            throw new InvalidOperationException("A step broke its thread: " + _bug.Message, _bug);
        }
    }

    /// <summary>
    /// Has something done on the calling thread of <see cref="Run"/>, within a twentieth of a second. If that is busy with a step for the engine, it comes after that,
    /// or when the step's work calls <see cref="Meanwhile"/>.
    /// </summary>
    /// <param name="action">What.</param>
    public void Post(Action action)
    {
        lock (_gate)
        {
            _posted.Enqueue(action);
        }
    }

    /// <summary>Does what was posted, and what is done every now and then: for the work of a step for the engine, on the calling thread, while it waits.</summary>
    public void Meanwhile()
    {
        DoPosted();
        OnTick?.Invoke();
    }

    /// <summary>How the steps stand.</summary>
    /// <param name="look">Gets the scheduler, which it must not change, and how each step stands; called under the lock, so it is to be quick.</param>
    public void Look(Action<Scheduler, IReadOnlyList<StepProgress>> look)
    {
        lock (_gate)
        {
            look(_scheduler, _progress);
        }
    }

    // Does what is for this thread; false when all is done.
    private bool Attend()
    {
        while (true)
        {
            DoPosted();
            Action? attempt;
            lock (_gate)
            {
                // What was posted meanwhile is done first, so that nothing is left when all is done.
                if (_posted.Count > 0)
                {
                    continue;
                }

                if (!_forEngine.TryDequeue(out attempt))
                {
                    // Those that wait for a place hold it up until they have ended; so nothing is posted any more when it is done.
                    return !_scheduler.IsDone && _bug is null;
                }
            }

            _run.Log.Release();
            attempt();
            _run.Log.Hold();
        }
    }

    private void DoPosted()
    {
        while (TryTakePosted() is { } action)
        {
            action();
        }
    }

    private Action? TryTakePosted()
    {
        lock (_gate)
        {
            return _posted.TryDequeue(out Action? action) ? action : null;
        }
    }

    private void OnEngineThread(Action attempt)
    {
        lock (_gate)
        {
            _forEngine.Enqueue(attempt);
        }

        _attention.Set();
    }

    // Hands out what may start; gives one to the thread that asks, which has just ended a step.
    private int? Dispatch(StepThread? asking)
    {
        int? own = null;
        if (_bug is not null)
        {
            return own;
        }

        while (_scheduler.TryTakeAbandoned(out int abandoned))
        {
            _living.GetValueOrDefault(abandoned)?.CancelAsync();
        }

        while (_scheduler.TryStart(out int step))
        {
            if (_progress[step].IsStarted)
            {
                // It has its place back. One that does not wait for that any more was told to stop, and ends by itself.
                _pausing.GetValueOrDefault(step)?.Set();
            }
            else if (asking is not null && own is null)
            {
                own = step;
            }
            else
            {
                Assign(step);
            }
        }

        while (_scheduler.TryTakeSkipped(out SkippedStep skipped))
        {
            Skip(skipped);
        }

        if (_scheduler.IsDone)
        {
            _attention.Set();
        }

        return own;
    }

    private void Assign(int step)
    {
        if (_idle.TryPop(out StepThread? thread))
        {
            thread.Give(step);
            return;
        }

        thread = new StepThread(RunOn, Break);
        _threads.Add(thread);
        thread.Start(step);
    }

    private int? RunOn(StepThread thread, int step)
    {
        StepEnd end = RunStep(step);
        lock (_gate)
        {
            EndStep(step, end);
            int? next = Dispatch(thread);
            if (next is null)
            {
                _idle.Push(thread);
            }

            return next;
        }
    }

    private bool CancelsAfterFailure => _options.CancelsOnFailure && !_options.KeepsGoing;

    private void EndStep(int step, StepEnd end)
    {
        _progress[step] = _progress[step] with { IsEnded = true, End = _time.GetTimestamp() };
        _living.Remove(step);
        _scheduler.End(step, end);
        if (end == StepEnd.Failed && _graph.Steps[step].IsCritical)
        {
            _failed ??= _graph.Steps[step].Name;
            if (CancelsAfterFailure)
            {
                foreach ((int living, CancellationTokenSource source) in _living)
                {
                    if (!_graph.Steps[living].Always)
                    {
                        source.CancelAsync();
                    }
                }
            }
        }
    }

    private void Skip(SkippedStep skipped)
    {
        _progress[skipped.Step] = _progress[skipped.Step] with { IsEnded = true, End = _time.GetTimestamp() };
        Skip(skipped.Step, SkipReason.Of(_graph, skipped));
    }

    private void Skip(int step, string reason)
    {
        GraphStep skipped = _graph.Steps[step];
        try
        {
            StepRecord record = _run.Skip(skipped.Name, _run.Reserve(skipped.Name), skipped.IsCritical, reason);
            _listener.Skipped(step, record);
        }
        catch (KinetraException error)
        {
            // The journal cannot be written, and most likely the log neither.
            _listener.Broken(step, error);
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _scheduler.Stop();
            Dispatch(null);
        }
    }

    private StepEnd RunStep(int step)
    {
        // Not disposed of: who cancels it may come late.
        CancellationTokenSource own = new();
        if (!_steps[step].IsForEngine)
        {
            return RunStep(step, null, own);
        }

        bool isLast = _graph.Steps[step].Always;
        EngineWork engine = new(_steps[step].Work, _engineTurn, OnEngineThread, () => own.IsCancellationRequested || (!isLast && _run.Stopping.IsCancellationRequested));
        engine.TakeTurn();
        try
        {
            if (isLast && EngineStopping.CanBeCanceled && _run.Stopping.IsCancellationRequested && EngineStopping.WaitHandle.WaitOne(EngineDelay))
            {
                Skip(step, "the build was told to stop, and then the engine builds no targets and projects any more");
                return StepEnd.Interrupted;
            }

            return RunStep(step, engine, own);
        }
        finally
        {
            engine.GiveTurn();
        }
    }

    private StepEnd RunStep(int step, EngineWork? engine, CancellationTokenSource own)
    {
        bool isLast = _graph.Steps[step].Always;
        StepContext context;
        lock (_gate)
        {
            _living[step] = own;
            if (_bug is not null || (_failed is not null && CancelsAfterFailure && !isLast))
            {
                // It had its place before that, but this thread came late.
                own.Cancel();
            }

            long now = _time.GetTimestamp();
            (IReadOnlyList<StepRecord> upstream, long ready) = Before(step);
            context = new StepContext(upstream)
            {
                IsAlways = isLast,
                Waited = isLast ? TimeSpan.Zero : _time.GetElapsedTime(ready, now),
                UsualDuration = _forecast.UsualOf(step),
                Begun = record => Begin(step, record),
                Pausing = () => Pause(step, engine),
                Resuming = () => Resume(step, isLast, engine, own.Token),
                WhyCancelled = () => _failed is { } failed && !_run.Stopping.IsCancellationRequested ? $"the critical step \"{failed}\" failed" : null,
            };
            _progress[step] = _progress[step] with { IsStarted = true, Start = now };
        }

        // What runs whatever happened may not keep a build that was told to stop for ever.
        using CancellationTokenRegistration limit = isLast ? _run.Stopping.Register(() => own.CancelAfter(_options.GracePeriod)) : default;
        try
        {
            StepOutcome outcome = _runner.Run(_steps[step].Definition, engine ?? _steps[step].Work, own.Token, context);
            lock (_gate)
            {
                _progress[step] = _progress[step] with { Record = outcome.Record };
            }

            KinetraException? slow = _forecast.Ended(step, outcome);
            _listener.Ended(step, outcome);
            if (slow is not null)
            {
                _listener.Warn(slow);
            }

            return outcome.Status switch
            {
                StepStatus.Completed or StepStatus.Cached => StepEnd.Succeeded,
                StepStatus.Failed => StepEnd.Failed,
                _ => _run.Stopping.IsCancellationRequested ? StepEnd.Interrupted : StepEnd.Failed,
            };
        }
        catch (KinetraException error)
        {
            // It could not be entered into the journal, at its beginning or its end.
            _listener.Broken(step, error);
            return StepEnd.Failed;
        }
    }

    // What it depends on, as far as that took part or the run that is continued has completed it, and since when it could have run.
    private (IReadOnlyList<StepRecord> Upstream, long Ready) Before(int step)
    {
        IReadOnlyList<Dependency> dependencies = _graph.DependenciesOf(step);
        List<StepRecord> upstream = new(dependencies.Count);
        long ready = _start;
        for (int i = 0; i < dependencies.Count; i++)
        {
            StepProgress before = _progress[dependencies[i].Step];
            ready = Math.Max(ready, before.End);
            if ((_selected[dependencies[i].Step] ? before.Record : _reuse.Done(_graph.Steps[dependencies[i].Step].Name)) is { } record)
            {
                upstream.Add(record);
            }
        }

        return (upstream, ready);
    }

    private void Begin(int step, StepRecord record)
    {
        lock (_gate)
        {
            _progress[step] = _progress[step] with { Record = record };
        }
    }

    // A step that waits for its next attempt gives its place to others.
    private void Pause(int step, EngineWork? engine)
    {
        engine?.GiveTurn();
        lock (_gate)
        {
            _progress[step] = _progress[step] with { IsPaused = true };
            _scheduler.Pause(step);
            Dispatch(null);
        }
    }

    // Returns when it has a place again, or is to stop; what runs whatever happened does not stop with the build.
    private void Resume(int step, bool isLast, EngineWork? engine, CancellationToken cancellation)
    {
        using ManualResetEventSlim place = new();
        lock (_gate)
        {
            _pausing[step] = place;
            _scheduler.EndPause(step);
            Dispatch(null);
        }

        try
        {
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, isLast ? default : _run.Stopping);
            place.Wait(both.Token);
            engine?.TakeTurn();
        }
        catch (OperationCanceledException)
        {
            // The step's runner sees that too.
        }
        finally
        {
            lock (_gate)
            {
                _pausing.Remove(step);
                _progress[step] = _progress[step] with { IsPaused = false };
            }
        }
    }

    // A bug: it is to come to light on the thread that everybody watches. Nothing starts any more, and nobody may wait for the place of who is gone.
    private void Break(Exception bug)
    {
        lock (_gate)
        {
            _bug ??= bug;
            foreach (CancellationTokenSource living in _living.Values)
            {
                living.CancelAsync();
            }
        }

        _attention.Set();
    }

    private void Dismiss()
    {
        lock (_gate)
        {
            _threads.ForEach(thread => thread.Dismiss());
        }

        _threads.ForEach(thread => thread.Join());
    }
}
