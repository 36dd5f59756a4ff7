using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.History;

/// <summary>What a run has still to do at a moment, and how long each step of it may take.</summary>
internal sealed class Rest
{
    private readonly int[] _waiting;
    private readonly LogNormal[] _waitingUsual;
    private readonly RunningUsual[] _running;
    private readonly LogNormal _factor;

    /// <param name="scheduler">The run.</param>
    /// <param name="running">What its running steps have done.</param>
    /// <param name="durations">What is known of each step.</param>
    /// <param name="otherwise">What is taken for one of which nothing is known; null if that is not known either.</param>
    /// <param name="factor">The factor of the machine and day.</param>
    /// <param name="secondsDone">The work of the steps that have ended.</param>
    public Rest(Scheduler scheduler, IReadOnlyList<RunningStep> running, IReadOnlyList<LogNormal?> durations, LogNormal? otherwise, LogNormal factor, double secondsDone)
    {
        _factor = factor;
        Dictionary<int, RunningStep> told = new(running.Count);
        for (int k = 0; k < running.Count; k++)
        {
            told[running[k].Step] = running[k];
        }

        List<int> waiting = new(durations.Count);
        List<RunningUsual> now = [];
        _waitingUsual = new LogNormal[durations.Count];
        (IsKnown, IsExact, SecondsDone) = (true, factor.Spread == 0, secondsDone);
        for (int i = 0; i < durations.Count; i++)
        {
            if (!scheduler.Graph.Steps[i].IsSelected)
            {
                continue;
            }

            Total++;
            StepState state = scheduler.StateOf(i);
            if (state is StepState.Succeeded or StepState.Failed or StepState.Skipped)
            {
                Done++;
                continue;
            }

            IsKnown &= durations[i] is not null || otherwise is not null;
            LogNormal usual = durations[i] ?? otherwise ?? default;
            IsExact &= usual.Spread == 0;
            if (state is StepState.Running or StepState.Paused)
            {
                RunningStep step = told.TryGetValue(i, out RunningStep? found) ? found : new RunningStep(i, 0);
                now.Add(new RunningUsual(step, usual));
                SecondsDone += step.Elapsed;
                IsExact &= step.Progress is null && step.Elapsed <= usual.Median;
                if (state == StepState.Paused && step.Pause > 0)
                {
                    (Pauses ??= new double[durations.Count])[i] = step.Pause;
                }
            }
            else
            {
                _waitingUsual[waiting.Count] = usual;
                waiting.Add(i);
            }
        }

        (_waiting, _running) = ([.. waiting], [.. now]);
    }

    /// <summary>How many steps take part.</summary>
    public int Total { get; }

    /// <summary>How many of them have ended or are skipped.</summary>
    public int Done { get; }

    /// <summary>How many of them have not.</summary>
    public int Left => Total - Done;

    /// <summary>Whether something is known of each of them.</summary>
    public bool IsKnown { get; }

    /// <summary>Whether nothing about them is uncertain.</summary>
    public bool IsExact { get; }

    /// <summary>The work done, that of running steps included, in seconds.</summary>
    public double SecondsDone { get; }

    /// <summary>The work left in seconds, once <see cref="FillMedians"/> has been called.</summary>
    public double SecondsLeft { get; private set; }

    /// <summary>For each step how long it pauses; null if none does.</summary>
    public double[]? Pauses { get; }

    /// <summary>Gives each step the median of what it takes.</summary>
    public void FillMedians(double[] seconds)
    {
        SecondsLeft = 0;
        for (int k = 0; k < _waiting.Length; k++)
        {
            SecondsLeft += seconds[_waiting[k]] = _waitingUsual[k].Median * _factor.Median;
        }

        for (int k = 0; k < _running.Length; k++)
        {
            (RunningStep step, LogNormal usual) = _running[k];
            SecondsLeft += seconds[step.Step] = new Forecast(usual.Times(_factor.Median), step).Remaining(0.5);
        }
    }

    /// <summary>Gives each step one of the durations that it may take.</summary>
    /// <param name="seconds">To be filled.</param>
    /// <param name="draws">Chance.</param>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="dayShare">The share of the days on which everything is faster.</param>
    public void FillDraw(double[] seconds, Draws draws, int draw, double dayShare)
    {
        double factor = _factor.Quantile(dayShare);

        // What all steps share comes with the factor.
        double ownPart = Math.Sqrt(1 - DayFactor.SharedVariance);
        for (int k = 0; k < _waiting.Length; k++)
        {
            LogNormal usual = _waitingUsual[k];
            seconds[_waiting[k]] = factor * new LogNormal(usual.Median, usual.Spread * ownPart).Quantile(draws.Share(_waiting[k], draw));
        }

        for (int k = 0; k < _running.Length; k++)
        {
            (RunningStep step, LogNormal usual) = _running[k];
            seconds[step.Step] = new Forecast(new LogNormal(usual.Median * factor, usual.Spread * ownPart), step).Remaining(draws.Share(step.Step, draw));
        }
    }

    /// <summary>A step that runs, and what is known of it.</summary>
    private sealed record RunningUsual(RunningStep Step, LogNormal Usual);
}
