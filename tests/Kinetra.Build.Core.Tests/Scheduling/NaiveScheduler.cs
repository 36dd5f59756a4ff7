using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Tests.Scheduling;

/// <summary>What a <see cref="Scheduler"/> is to decide, said in the simplest way: it looks at every step each time.</summary>
internal sealed class NaiveScheduler(SchedulerStep[] steps, SchedulerOptions options)
{
    private readonly string[] _states = [.. steps.Select(_ => "waiting")];
    private readonly Dictionary<int, double> _remaining = [];
    private bool _isStopping;

    public Dictionary<int, SkipCause> Skipped { get; } = [];

    public bool IsDone => Enumerable.Range(0, steps.Length).All(IsResolved);

    public int? Start()
    {
        Settle();
        if (_states.Count(state => state == "running") == options.MaxParallel)
        {
            return null;
        }

        int? best = Enumerable.Range(0, steps.Length)
            .Where(MayStart)
            .OrderBy(i => _states[i] == "again" ? 0 : 1)
            .ThenByDescending(i => steps[i].Priority)
            .ThenByDescending(Remaining)
            .Select(i => (int?)i)
            .FirstOrDefault();
        if (best is { } step)
        {
            _states[step] = "running";
        }

        return best;
    }

    public void Pause(int step) => _states[step] = "paused";

    public void EndPause(int step) => _states[step] = _isStopping && !steps[step].Always ? "paused" : "again";

    public void End(int step, StepEnd end)
    {
        _states[step] = end == StepEnd.Succeeded ? "succeeded" : "failed";
        if (end == StepEnd.Interrupted)
        {
            Halt(SkipCause.Stopped);
        }
        else if (end == StepEnd.Failed && steps[step].IsCritical && !steps[step].Always && !options.KeepGoing)
        {
            Halt(SkipCause.CriticalFailed);
        }

        Settle();
    }

    public void Stop()
    {
        Settle();
        Halt(SkipCause.Stopped);
        Settle();
    }

    public double Remaining(int step)
    {
        if (!_remaining.TryGetValue(step, out double known))
        {
            _remaining.Add(step, known = Longest(step));
        }

        return known;
    }

    private double Longest(int step) => (steps[step].IsSelected ? steps[step].Seconds : 0) + Enumerable.Range(0, steps.Length)
        .Where(other => steps[other].Always == steps[step].Always && Dependencies(other).Contains(step))
        .Select(Remaining)
        .DefaultIfEmpty(0)
        .Max();

    private IEnumerable<int> Dependencies(int step) => steps[step].DependsOn.Concat(steps[step].RequiresSuccessOf);

    private bool IsResolved(int step) => _states[step] is "succeeded" or "failed" or "skipped";

    private bool MayStart(int step) => steps[step].IsSelected
        && (_states[step] == "again" || (_states[step] == "waiting" && IsFree(step)))
        && (!_isStopping || steps[step].Always)
        && (steps[step].Pool is not { } pool || Enumerable.Range(0, steps.Length).Count(i => _states[i] == "running" && steps[i].Pool == pool) < options.Pools[pool]);

    private bool IsFree(int step) => Dependencies(step).All(IsResolved)
        && (!steps[step].Always || Enumerable.Range(0, steps.Length).All(i => steps[i].Always || IsResolved(i)));

    private void Halt(SkipCause cause)
    {
        if (!_isStopping)
        {
            _isStopping = true;
            foreach (int i in Enumerable.Range(0, steps.Length).Where(i => !steps[i].Always && _states[i] == "waiting").ToList())
            {
                Skip(i, cause);
            }
        }
    }

    private void Settle()
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < steps.Length; i++)
            {
                if (_states[i] != "waiting")
                {
                    continue;
                }

                if (IsBarred(i))
                {
                    Skip(i, SkipCause.DependencyFailed);
                    changed = true;
                }
                else if (!steps[i].IsSelected && IsFree(i))
                {
                    _states[i] = "succeeded";
                    changed = true;
                }
            }
        }
    }

    private bool IsBarred(int step) =>
        steps[step].RequiresSuccessOf.Any(other => _states[other] is "failed" or "skipped")
        || (!steps[step].Always && steps[step].DependsOn.Any(other => _states[other] == "skipped" || (_states[other] == "failed" && steps[other].IsCritical)));

    private void Skip(int step, SkipCause cause)
    {
        _states[step] = "skipped";
        if (steps[step].IsSelected)
        {
            Skipped.Add(step, cause);
        }
    }
}
