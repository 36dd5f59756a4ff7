using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.History;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class DurationEstimateTests
{
    [Fact]
    public void Nothing_is_known_of_a_step_without_a_past()
    {
        Assert.Null(DurationEstimate.Of(null));
        Assert.Null(DurationEstimate.Of(new StepHistory()));
    }

    [Fact]
    public void A_step_that_always_takes_as_long_is_known_exactly()
    {
        Assert.Equal(new LogNormal(10, 0), DurationEstimate.Of(Past(Enumerable.Repeat(10.0, 30))));
        Assert.InRange(DurationEstimate.Of(Past([10, 10]))!.Value.Spread, .1, .3);
        Assert.InRange(DurationEstimate.Of(Past([10]))!.Value.Spread, .4, .5);
    }

    [Fact]
    public void Newer_runs_weigh_more()
    {
        // Twenty runs of 10 s weigh 2^-1 + … + 2^-2.9 times as much as ten of 20 s.
        LogNormal found = DurationEstimate.Of(Past([.. Enumerable.Repeat(10.0, 16), .. Enumerable.Repeat(20.0, 14)]))!.Value;
        Assert.Equal(20, found.Median);
    }

    [Fact]
    public void The_distribution_that_the_durations_come_from_is_found()
    {
        List<double> medians = [];
        List<double> spreads = [];
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            LogNormal truth = new(60, .3);
            LogNormal found = DurationEstimate.Of(Past(Enumerable.Range(0, 30).Select(_ => truth.Quantile(1e-9 + random.NextDouble()))))!.Value;
            medians.Add(found.Median);
            spreads.Add(found.Spread);
        }

        Assert.InRange(medians.Average(), 57, 63);
        Assert.InRange(spreads.Average(), .25, .35);
    }

    [Fact]
    public void One_odd_run_changes_little()
    {
        double[] usual = [.. Enumerable.Range(0, 29).Select(i => 10 + (i % 5 * .1))];
        LogNormal found = DurationEstimate.Of(Past([.. usual, 1000]))!.Value;
        Assert.InRange(found.Median, 10, 10.5);
        Assert.InRange(found.Spread, 0, .05);
    }

    [Fact]
    public void A_step_that_takes_no_time_is_no_problem() => Assert.InRange(DurationEstimate.Of(Past([0, 0, 0]))!.Value.Median, 0, .001);

    private static StepHistory Past(IEnumerable<double> seconds)
    {
        DurationHistory history = DurationHistory.Load(FilePath.Resolve("/", "none"));
        int run = 0;
        foreach (double one in seconds)
        {
            history.Add("a", ++run, TimeSpan.FromSeconds(one));
        }

        return history.Find("a")!;
    }
}
