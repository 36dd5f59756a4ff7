using Kinetra.Build.Core.Retry;
using Xunit;

namespace Kinetra.Build.Core.Tests.Retry;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(10, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    [InlineData(100_000, 60)]
    public void Without_jitter_a_pause_is_twice_the_one_before_up_to_the_maximum(int failures, int seconds) =>
        Assert.Equal(seconds, Policy.PauseAfter(failures, 0).TotalSeconds, 0.001);

    [Theory]
    [InlineData(0.5, 1.75)]
    [InlineData(1.0, 1.5)]
    public void Jitter_shortens_by_a_quarter_at_the_most(double random, double seconds) =>
        Assert.Equal(seconds, Policy.PauseAfter(1, random).TotalSeconds, 0.001);

    [Fact]
    public void Whatever_chance_says_pauses_grow_until_the_maximum_and_never_exceed_it()
    {
        Random random = new(20261123);
        for (int run = 0; run < 1000; run++)
        {
            double[] pauses = [.. Enumerable.Range(1, 12).Select(n => Policy.PauseAfter(n, random.NextDouble()).TotalSeconds)];
            Assert.All(pauses, (pause, index) =>
            {
                double whole = Math.Min(2 * Math.Pow(2, index), 60);
                Assert.InRange(pause, 0.75 * whole, whole);
            });
            Assert.All(Enumerable.Range(1, 4), n => Assert.True(pauses[n] > pauses[n - 1]));
        }
    }

    [Fact]
    public void A_first_pause_above_the_maximum_is_cut() =>
        Assert.Equal(60, (Policy with { Delay = TimeSpan.FromHours(1) }).PauseAfter(1, 0).TotalSeconds);

    [Fact]
    public void No_delay_means_no_pause() =>
        Assert.Equal(TimeSpan.Zero, (Policy with { Delay = TimeSpan.Zero }).PauseAfter(9, 0.5));

    [Fact]
    public void No_delay_means_no_pause_however_often_it_fails() =>
        Assert.Equal(TimeSpan.Zero, (Policy with { Delay = TimeSpan.Zero }).PauseAfter(2000, 0.5));
}
