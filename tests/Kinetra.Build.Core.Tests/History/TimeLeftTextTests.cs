using Kinetra.Build.Core.History;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class TimeLeftTextTests
{
    private static readonly string[] Names = ["fetch", "convert", "prepare"];

    [Fact]
    public void The_line_is_that_of_the_document()
    {
        TimeEstimate estimate = new(5, 7) { PercentOfWork = 63, Median = TimeSpan.FromSeconds(715), P90 = TimeSpan.FromSeconds(1030), CriticalPath = [1, 2] };
        Assert.Equal("5/7 · 63 % of the work · about 12 min (at most 18) · critical path: convert → prepare", TimeLeftText.Line(estimate, i => Names[i]));
        Assert.Equal("about 12 min left", TimeLeftText.Left(estimate));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        Assert.Equal("1/7 · durations are still being learned", TimeLeftText.Line(new TimeEstimate(1, 7), i => Names[i]));
        Assert.Equal("", TimeLeftText.Left(new TimeEstimate(1, 7)));
        Assert.Equal("", TimeLeftText.About(new TimeEstimate(1, 7)));
        Assert.Equal("7/7 · 100 % of the work", TimeLeftText.Line(new TimeEstimate(7, 7) { PercentOfWork = 100, Median = TimeSpan.Zero, P90 = TimeSpan.Zero }, i => Names[i]));
    }

    [Theory]
    [InlineData(50, 50, "about 50 s")]
    [InlineData(50, 56, "about 50 s (at most 60)")]
    [InlineData(80, 91, "about 80 s (at most 2 min)")]
    [InlineData(5400, 5701, "about 1 h 30 min (at most 1 h 40 min)")]
    [InlineData(3600, 7200, "about 1 h (at most 2)")]
    public void The_unit_is_said_once_where_that_is_clear(double median, double p90, string text) =>
        Assert.Equal(text, TimeLeftText.About(new TimeEstimate(1, 2) { Median = TimeSpan.FromSeconds(median), P90 = TimeSpan.FromSeconds(p90) }));

    [Theory]
    [InlineData(0, "1 s", "1 s")]
    [InlineData(0.2, "1 s", "1 s")]
    [InlineData(7.4, "7 s", "8 s")]
    [InlineData(19.6, "20 s", "20 s")]
    [InlineData(42, "40 s", "45 s")]
    [InlineData(89, "1 min", "2 min")]
    [InlineData(150, "3 min", "3 min")]
    [InlineData(3580, "1 h", "1 h")]
    [InlineData(5700, "1 h 35 min", "1 h 35 min")]
    [InlineData(5702, "1 h 35 min", "1 h 40 min")]
    [InlineData(50_000, "14 h", "14 h")]
    [InlineData(260_000, "3 d", "4 d")]
    public void Durations_are_rounded_for_people(double seconds, string nearest, string up)
    {
        Assert.Equal(nearest, TimeLeftText.Round(TimeSpan.FromSeconds(seconds), up: false));
        Assert.Equal(up, TimeLeftText.Round(TimeSpan.FromSeconds(seconds), up: true));
    }

    [Fact]
    public void A_long_path_is_shortened() => Assert.Equal("0 → 1 → 2 → 3 → … → 9", TimeLeftText.Path([.. Enumerable.Range(0, 10)], i => $"{i}"));

    [Fact]
    public void A_path_of_thousands_is_named_by_its_beginning_and_its_end()
    {
        IReadOnlyList<string> names = TimeLeftText.Names([.. Enumerable.Range(0, 10_000)], i => $"{i}");
        Assert.Equal([.. Enumerable.Range(0, 99).Select(i => $"{i}"), "9999"], names);
        Assert.Equal(["7", "3"], TimeLeftText.Names([7, 3], i => $"{i}"));
        Assert.Empty(TimeLeftText.Names([], i => $"{i}"));
    }
}
