using Kinetra.Build.Core.History;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class TimeLeftAcceptanceTests(ITestOutputHelper output)
{
    private static readonly double[] Moments = [0, .1, .25, .5, .75, .9];

    [Fact]
    public void Over_300_runs_the_median_error_is_at_most_15_percent_and_the_P90_holds_in_80_to_97_percent()
    {
        List<double>[] errors = [.. Moments.Select(_ => new List<double>())];
        int[] held = new int[Moments.Length];
        const int Runs = 300;
        for (int seed = 0; seed < Runs; seed++)
        {
            RandomRun made = new(seed);
            FakeRun run = made.Start();
            for (int k = 0; k < Moments.Length; k++)
            {
                run.GoTo(made.Length * Moments[k]);
                TimeEstimate estimate = run.Estimate();
                double truth = made.Length - run.Now;
                errors[k].Add(Math.Abs(estimate.Median!.Value.TotalSeconds - truth) / truth);
                held[k] += estimate.P90!.Value.TotalSeconds >= truth ? 1 : 0;
            }
        }

        for (int k = 0; k < Moments.Length; k++)
        {
            output.WriteLine($"at {Moments[k]:P0}: median error {Middle(errors[k]):P1}, P90 holds in {(double)held[k] / Runs:P1}");
        }

        double overall = Middle([.. errors.SelectMany(one => one)]);
        double heldOverall = (double)held.Sum() / (Runs * Moments.Length);
        output.WriteLine($"over all: median error {overall:P1}, P90 holds in {heldOverall:P1}");
        Assert.InRange(overall, 0, .15);
        Assert.InRange(heldOverall, .80, .97);

        // At each moment too, but towards the end, where a second is much of what is left, the error may be larger.
        Assert.All(errors[..^2], one => Assert.InRange(Middle(one), 0, .15));
        Assert.All(held, one => Assert.InRange((double)one / Runs, .80, .97));
    }

    private static double Middle(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
