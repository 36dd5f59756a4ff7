using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.History;

/// <summary>
/// How long a run still takes. Durations come from the steps' past, those of running steps from what they have done, all times the factor of the
/// machine and day (<see cref="DayFactor"/>); <see cref="Simulator"/> plays the rest of the graph with seeded draws of them. The median is that of the
/// draws; the P90 is median · exp(1.2816 s), s being the standard deviation of the draws' logarithms, which needs fewer draws than counting them.
/// <see cref="Ended"/> may be called while another thread estimates; only one may estimate at a time.
/// </summary>
public sealed class TimeLeft
{
    private const int MostDraws = 64;
    private const int FewestDraws = 6;

    // Steps times draws: some 30 ms on a machine that is not busy.
    private const int Budget = 90_000;

    // An estimate may take this share of the time at most.
    private const int TimesItsCost = 20;
    private const double NinetyPercent = 1.2815515655446004;

    private static readonly TimeSpan StandardInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<LogNormal?> _durations;
    private readonly double _typicalSpread;
    private readonly Draws _draws;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly DayFactor _factor = new();
    private double _secondsDone;
    private double _secondsKnown;
    private int _known;
    private long? _estimatedAt;
    private TimeSpan _cost;

    /// <summary>Begins with what is known before the run.</summary>
    /// <param name="durations">For each step its usual duration (<see cref="KnownDurations.Of"/>); null if nothing is known; 0 for one that will have nothing to do.</param>
    /// <param name="seed">For the draws.</param>
    /// <param name="time">The clock, for <see cref="IsDue"/>; null for the system's.</param>
    /// <param name="interval">How often an estimate is wanted; null for once a second.</param>
    public TimeLeft(IReadOnlyList<LogNormal?> durations, int seed = 0, TimeProvider? time = null, TimeSpan? interval = null)
    {
        (_durations, _draws, _time, _interval) = (durations, new Draws(seed), time ?? TimeProvider.System, interval ?? StandardInterval);
        _typicalSpread = TypicalSpread(durations);
        for (int i = 0; i < durations.Count; i++)
        {
            if (durations[i] is { } one)
            {
                _secondsKnown += one.Median;
                _known++;
            }
        }
    }

    /// <summary>The last estimate; null before the first.</summary>
    public TimeEstimate? Latest { get; private set; }

    /// <summary>Whether it is time for a new estimate: the interval is over, and twenty times as long as the last one took.</summary>
    public bool IsDue => _estimatedAt is not { } last || _time.GetElapsedTime(last) >= (_cost * TimesItsCost > _interval ? _cost * TimesItsCost : _interval);

    /// <summary>A step has succeeded after doing its work. One that had none to do, or failed, is not to be told of.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="duration">How long it took.</param>
    public void Ended(int step, TimeSpan duration)
    {
        lock (_gate)
        {
            _secondsDone += duration.TotalSeconds;
            if (_durations[step] is { } usual)
            {
                _factor.Add(usual, duration.TotalSeconds);
            }
            else
            {
                _secondsKnown += duration.TotalSeconds;
                _known++;
            }
        }
    }

    /// <summary>Estimates how long the rest takes, and keeps that in <see cref="Latest"/>.</summary>
    /// <param name="scheduler">The run as it is; a copy of its scheduler, or nobody may change it meanwhile.</param>
    /// <param name="running">The steps that run or pause; one that is missing has just begun.</param>
    public TimeEstimate Estimate(Scheduler scheduler, IReadOnlyList<RunningStep> running)
    {
        long began = _time.GetTimestamp();
        Rest rest = Look(scheduler, running);
        TimeEstimate estimate = new(rest.Done, rest.Total) { PercentOfWork = rest.Total == rest.Done ? 100 : null };
        if (rest.IsKnown || rest.Total == rest.Done)
        {
            Simulator simulator = new(scheduler);
            double[] seconds = new double[_durations.Count];
            rest.FillMedians(seconds);
            Simulation usual = simulator.Run(seconds, rest.Pauses);
            (double median, double p90) = Spread(simulator, rest, seconds, usual.Seconds);
            estimate = estimate with
            {
                PercentOfWork = Math.Max(Latest?.PercentOfWork ?? 0, scheduler.IsDone ? 100 : Percent(rest)),
                Median = TimeSpan.FromSeconds(median),
                P90 = TimeSpan.FromSeconds(p90),
                CriticalPath = usual.DependencyPath,
            };
        }

        _estimatedAt = _time.GetTimestamp();
        _cost = _time.GetElapsedTime(began, _estimatedAt.Value);
        return Latest = estimate;
    }

    private static double TypicalSpread(IReadOnlyList<LogNormal?> durations)
    {
        int count = 0;
        for (int i = 0; i < durations.Count; i++)
        {
            count += durations[i] is { Median: > 0 } ? 1 : 0;
        }

        double[] spreads = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < durations.Count; i++)
        {
            if (durations[i] is { Median: > 0 } one)
            {
                (spreads[^count], weights[^count]) = (one.Spread, one.Median);
                count--;
            }
        }

        return spreads.Length == 0 ? KnownDurations.SpreadOfMean : WeightedMedian.Of(spreads, weights);
    }

    private static int Percent(Rest rest) =>
        rest.SecondsDone + rest.SecondsLeft <= 0 ? 0 : (int)Math.Min(99, 100 * rest.SecondsDone / (rest.SecondsDone + rest.SecondsLeft));

    private Rest Look(Scheduler scheduler, IReadOnlyList<RunningStep> running)
    {
        lock (_gate)
        {
            LogNormal? otherwise = _known == 0 ? null : new LogNormal(_secondsKnown / _known, KnownDurations.SpreadOfMean);
            return new Rest(scheduler, running, _durations, otherwise, _factor.Estimate(_typicalSpread), _secondsDone);
        }
    }

    private (double Median, double P90) Spread(Simulator simulator, Rest rest, double[] seconds, double usual)
    {
        if (rest.IsExact || rest.Left == 0)
        {
            return (usual, usual);
        }

        double[] ends = new double[Math.Clamp(Budget / Math.Max(1, rest.Left), FewestDraws, MostDraws)];
        double[] weights = new double[ends.Length];
        for (int draw = 0; draw < ends.Length; draw++)
        {
            // The days are spread evenly, as one draw of them moves everything.
            rest.FillDraw(seconds, _draws, draw, dayShare: (draw + 0.5) / ends.Length);
            (ends[draw], weights[draw]) = (Math.Max(simulator.Seconds(seconds, rest.Pauses), 1e-6), 1);
        }

        double median = WeightedMedian.Of(ends, weights);
        double squares = 0;
        foreach (double end in ends)
        {
            squares += Math.Pow(Math.Log(end / median), 2);
        }

        return (median, median * Math.Exp(NinetyPercent * Math.Sqrt(squares / (ends.Length - 1))));
    }
}
