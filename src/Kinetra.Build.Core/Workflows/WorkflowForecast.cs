using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Scheduling;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>
/// What is known of how long the steps of a graph take, before a run, while it goes on and for the runs after it. Safe for several threads,
/// but for <see cref="Update"/>, which is for one.
/// </summary>
public sealed class WorkflowForecast
{
    // Fewer samples say too little of what is unusual.
    private const int EnoughSamples = 5;
    private const double LeastSpread = 0.2;

    // At most; a costly estimate is made less often.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // What is over sooner needs no estimate, whose code would have to be compiled for it.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MuchLonger = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly DurationHistory _history;
    private readonly IReadOnlyList<WorkflowStep> _steps;
    private readonly TimeProvider _time;
    private readonly LogNormal?[] _durations;
    private readonly TimeLeft _left;
    private readonly List<RunningStep> _running = [];
    private readonly int _number;
    private readonly long _begun;
    private bool _isBroken;

    /// <summary>Reads what is known.</summary>
    /// <param name="history">The durations of earlier runs.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="selected">Which of them take part.</param>
    /// <param name="time">The clock.</param>
    public WorkflowForecast(DurationHistory history, IReadOnlyList<WorkflowStep> steps, IReadOnlyList<bool> selected, TimeProvider time)
    {
        (_history, _steps, _time) = (history, steps, time);
        _durations = new LogNormal?[steps.Count];
        for (int i = 0; i < _durations.Length; i++)
        {
            _durations[i] = selected[i] ? KnownDurations.Of(history.Find(steps[i].Definition.Name), steps[i].ExpectedDuration) : new LogNormal(0, 0);
        }

        (_begun, _number, _left) = (time.GetTimestamp(), history.NextRun, new TimeLeft(_durations, time: time, interval: Interval));
        Seconds = KnownDurations.Seconds(_durations);
    }

    /// <summary>The durations of a workflow's earlier runs.</summary>
    /// <param name="stateDirectory">The state directory.</param>
    /// <param name="workflow">The workflow's name.</param>
    public static DurationHistory HistoryIn(FilePath stateDirectory, string workflow) => DurationHistory.Load(stateDirectory.Combine(WorkflowFileName.Of(workflow, ".history")));

    /// <summary>What is expected of each step in seconds, as a scheduler needs it.</summary>
    public IReadOnlyList<double> Seconds { get; }

    /// <summary>What is expected of a step; null if nothing is known of it.</summary>
    /// <param name="step">Its index.</param>
    public TimeSpan? Expected(int step) => _durations[step] is { } known ? TimeSpan.FromSeconds(known.Median) : null;

    /// <summary>How long a step usually takes; null if it has no past.</summary>
    /// <param name="step">Its index.</param>
    public TimeSpan? UsualOf(int step)
    {
        lock (_gate)
        {
            return _history.Find(_steps[step].Definition.Name) is null ? null : Expected(step);
        }
    }

    /// <summary>Takes note of a step that has ended.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="outcome">What became of it.</param>
    /// <returns>A warning if it took far longer than usual; null if not.</returns>
    public KinetraException? Ended(int step, StepOutcome outcome)
    {
        string name = _steps[step].Definition.Name;
        if (outcome.Status != StepStatus.Completed || outcome.ResumedFrom is not null)
        {
            lock (_gate)
            {
                _history.See(name, _number);
            }

            return null;
        }

        _left.Ended(step, outcome.Duration);
        lock (_gate)
        {
            int samples = _history.Find(name)?.Runs.Count ?? 0;
            _history.Add(name, _number, outcome.Duration, outcome.Record.Cpu, outcome.Record.PeakMemory);
            return samples >= EnoughSamples && _durations[step] is { } usual ? SlowOf(name, usual, outcome.Duration, samples) : null;
        }
    }

    /// <summary>Estimates the time left anew, if it is time for that. A mistake in the estimate does not end the run: there is none any more then.</summary>
    /// <param name="runner">The run.</param>
    /// <param name="mistake">Is told of a mistake, once.</param>
    /// <returns>The new estimate; null if it is not time.</returns>
    public TimeEstimate? Update(WorkflowRunner runner, Action<Exception> mistake)
    {
        if (_isBroken || _time.GetElapsedTime(_begun) < Soon || !_left.IsDue)
        {
            return null;
        }

        try
        {
            return Estimate(runner);
        }
        catch (Exception bug) when (bug is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException)
        {
            // Hours of work are not to end for a guess of how long they take.
            _isBroken = true;
            mistake(bug);
            return null;
        }
    }

    private TimeEstimate Estimate(WorkflowRunner runner)
    {
        Scheduler? copy = null;
        _running.Clear();
        runner.Look((scheduler, progress) =>
        {
            copy = scheduler.Copy();
            for (int i = 0; i < progress.Count; i++)
            {
                StepProgress step = progress[i];
                if (step.IsStarted && !step.IsEnded)
                {
                    _running.Add(new RunningStep(i, step.IsPaused ? 0 : _time.GetElapsedTime(step.Start).TotalSeconds) { Progress = step.Record?.Progress });
                }
            }
        });
        return _left.Estimate(copy!, _running);
    }

    /// <summary>Keeps the durations for later runs.</summary>
    /// <exception cref="KinetraException">They cannot be written.</exception>
    public void Save()
    {
        lock (_gate)
        {
            _history.Forget();
            _history.Save();
        }
    }

    private static KinetraException? SlowOf(string step, LogNormal usual, TimeSpan duration, int samples)
    {
        double limit = usual.Median * Math.Max(2, Math.Exp(3 * Math.Max(usual.Spread, LeastSpread)));
        TimeSpan median = TimeSpan.FromSeconds(usual.Median);
        return duration.TotalSeconds > limit && duration - median > MuchLonger
            ? new KinetraException(DiagnosticCodes.StepSlow, $"Step \"{step}\" took {Duration.Format(duration)}; usually it takes {Duration.Format(median)} (by its last {samples} successful runs). If that is the new normal, the warning goes away by itself after some runs.")
            : null;
    }
}
