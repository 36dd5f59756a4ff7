using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Tests.History;

/// <summary>
/// A run by chance: a graph, a true distribution for each step, twenty past runs of them, each on a day of its own, and a day for this one.
/// </summary>
internal sealed class RandomRun
{
    private readonly SchedulerStep[] _steps;
    private readonly int _parallel;
    private readonly double[] _seconds;
    private readonly LogNormal?[] _durations;

    public RandomRun(int seed)
    {
        Random random = new(seed);
        int count = random.Next(8, 60);
        _parallel = random.Next(1, 9);
        double daySpread = random.NextDouble() * .2;
        LogNormal[] truth = [.. Enumerable.Range(0, count).Select(_ => new LogNormal(Math.Exp(Normal(random)) * 20, .05 + (random.NextDouble() * .35)))];
        DurationHistory history = DurationHistory.Load(FilePath.Resolve("/", "none"));
        for (int run = 1; run <= 20; run++)
        {
            double[] past = Day(random, truth, daySpread);
            for (int i = 0; i < count; i++)
            {
                history.Add($"{i}", run, TimeSpan.FromSeconds(past[i]));
            }
        }

        _seconds = Day(random, truth, daySpread);
        _durations = [.. Enumerable.Range(0, count).Select(i => KnownDurations.Of(history.Find($"{i}"), null))];
        double[] expected = KnownDurations.Seconds(_durations);
        _steps = [.. Enumerable.Range(0, count).Select(i => new SchedulerStep { Seconds = expected[i], DependsOn = [.. Enumerable.Range(0, i).Where(_ => random.NextDouble() < 1.5 / count)] })];
        FakeRun whole = Start();
        whole.GoTo(double.MaxValue);
        Length = whole.Now;
    }

    /// <summary>How long it takes, in seconds.</summary>
    public double Length { get; }

    public FakeRun Start() => new(_steps, _parallel, _seconds, new TimeLeft(_durations));

    private static double[] Day(Random random, LogNormal[] truth, double spread)
    {
        double day = Math.Exp(Normal(random) * spread);
        return [.. truth.Select(one => one.Median * day * Math.Exp(Normal(random) * one.Spread))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
