using Kinetra.Build.Core.History;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class LogNormalTests
{
    [Theory]
    [InlineData(.5, 0)]
    [InlineData(.9, 1.2815515655)]
    [InlineData(.975, 1.9599639845)]
    [InlineData(.001, -3.0902323062)]
    [InlineData(1e-20, -9.2623400897)]
    public void Quantiles_of_the_normal_distribution_are_those_of_the_tables(double share, double value)
    {
        Assert.Equal(value, NormalDistribution.Quantile(share), 1e-7);
        Assert.Equal(1, NormalDistribution.Above(-value) / share, 1e-5);
    }

    [Fact]
    public void Median_mean_and_quantiles()
    {
        LogNormal known = new(10, .5);
        Assert.Equal(10, known.Quantile(.5));
        Assert.Equal(10 * Math.Exp(.125), known.Mean, 1e-9);
        Assert.Equal(10 * Math.Exp(.5 * 1.2815515655), known.Quantile(.9), 1e-6);
        Assert.Equal(new LogNormal(20, .5), known.Times(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(25)]
    public void What_remains_is_what_remained_in_the_runs_that_went_on_so_long(double elapsed)
    {
        LogNormal known = new(10, .5);
        Random random = new(7);
        double[] left = [.. Enumerable.Range(0, 400_000).Select(_ => known.Quantile(random.NextDouble() + 1e-12) - elapsed).Where(rest => rest > 0).Order()];
        Assert.Equal(1, known.Remaining(elapsed) / left[left.Length / 2], .03);
        Assert.Equal(1, known.Remaining(elapsed, .9) / left[left.Length * 9 / 10], .03);
        Assert.Equal(1, known.MeanRemaining(elapsed) / left.Average(), .03);
    }

    [Fact]
    public void A_step_known_exactly_has_exactly_the_rest_left()
    {
        Assert.Equal(7, new LogNormal(10, 0).Remaining(3));
        Assert.Equal(7, new LogNormal(10, 0).MeanRemaining(3));
        Assert.Equal(10, new LogNormal(10, 0).Remaining(0));
        Assert.Equal(0, new LogNormal(0, 0).Remaining(3));
    }

    [Fact]
    public void A_step_that_has_only_just_begun_has_a_rest_for_every_share()
    {
        foreach (double share in (double[])[5e-17, 1e-300, .5, 1 - 1e-16])
        {
            Assert.InRange(new LogNormal(.018, .2).Remaining(1e-4, share), 0, 1);
        }
    }

    [Fact]
    public void However_late_a_step_is_it_has_a_little_time_left_and_never_less()
    {
        foreach (double spread in (double[])[0, .01, .1, 1])
        {
            foreach (double elapsed in (double[])[10, 11, 20, 100, 1e4, 1e9])
            {
                Assert.InRange(new LogNormal(10, spread).Remaining(elapsed) / elapsed, 1e-7, 3);
                Assert.InRange(new LogNormal(10, spread).MeanRemaining(elapsed) / elapsed, 1e-7, 3);
            }
        }
    }
}
