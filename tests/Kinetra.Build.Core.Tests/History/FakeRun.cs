using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Tests.History;

/// <summary>A run in fake time, whose steps take what they are told to.</summary>
internal sealed class FakeRun
{
    private readonly double[] _seconds;
    private readonly Dictionary<int, double> _started = [];

    public FakeRun(SchedulerStep[] steps, int parallel, double[] seconds, TimeLeft timeLeft)
    {
        (_seconds, TimeLeft) = (seconds, timeLeft);
        Scheduler = new Scheduler(steps, new SchedulerOptions(parallel));
        StartAll();
    }

    public Scheduler Scheduler { get; }

    public TimeLeft TimeLeft { get; }

    public double Now { get; private set; }

    public bool IsDone => Scheduler.IsDone;

    /// <summary>Goes on until a moment, or the end.</summary>
    public void GoTo(double time)
    {
        while (_started.Count > 0)
        {
            int next = _started.Keys.MinBy(step => (_started[step] + _seconds[step], step));
            if (_started[next] + _seconds[next] > time)
            {
                break;
            }

            Now = _started[next] + _seconds[next];
            _started.Remove(next);
            Scheduler.End(next, StepEnd.Succeeded);
            TimeLeft.Ended(next, TimeSpan.FromSeconds(_seconds[next]));
            StartAll();
        }

        Now = _started.Count > 0 ? time : Now;
    }

    public TimeEstimate Estimate() => TimeLeft.Estimate(Scheduler, [.. _started.Select(one => new RunningStep(one.Key, Now - one.Value))]);

    private void StartAll()
    {
        while (Scheduler.TryStart(out int step))
        {
            _started.Add(step, Now);
        }
    }
}
