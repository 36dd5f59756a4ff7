using Xunit;

namespace Kinetra.Build.Core.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("10m", 600_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7D", 604_800_000)]
    [InlineData("01:02:03", 3_723_000)]
    [InlineData(" 2 s ", 2_000)]
    [InlineData("0", 0)]
    public void Every_documented_form_is_read(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("1,5s")]
    [InlineData("2x")]
    [InlineData("1:2")]
    [InlineData("99999999999999999999h")]
    [InlineData("1e9")]
    public void Anything_else_is_an_error_that_names_property_and_value(string text)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Duration.Parse("KinetraRetryDelay", text));
        Assert.Equal(DiagnosticCodes.InvalidValue, error.Code);
        Assert.Contains("KinetraRetryDelay", error.Message);
        Assert.Contains($"\"{text}\"", error.Message);
    }

    [Theory]
    [InlineData("1:60:00")]
    [InlineData("1:00:60")]
    [InlineData("1:-1:00")]
    [InlineData("::")]
    [InlineData("1::2")]
    [InlineData("1:2:3:4")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("1.2.3")]
    [InlineData("1 000")]
    [InlineData("0x10")]
    [InlineData("٣s")]
    [InlineData("NaN")]
    [InlineData("s")]
    [InlineData("3651d")]
    public void What_is_almost_a_duration_is_none(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("0:0:1", 1_000)]
    [InlineData("100:00:00.5", 360_000_500)]
    [InlineData("1.5 H", 5_400_000)]
    [InlineData("0.25ms", 0.25)]
    public void Clock_and_unit_may_have_fractions(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan value));
        Assert.Equal(milliseconds, value.TotalMilliseconds, 0.001);
    }

    [Fact]
    public void A_wait_is_no_longer_than_a_timer_can_count()
    {
        Assert.Equal(TimeSpan.FromDays(49), Duration.ParseWait("Timeout", "49d"));
        KinetraException error = Assert.Throws<KinetraException>(() => Duration.ParseWait("Timeout", "50d"));
        Assert.Equal(DiagnosticCodes.InvalidValue, error.Code);
        Assert.Contains("Timeout", error.Message);
        Assert.Contains("\"50d\"", error.Message);
    }

    [Theory]
    [InlineData(480, "480 ms")]
    [InlineData(2_340, "2.3 s")]
    [InlineData(245_000, "4 m 05 s")]
    [InlineData(3_720_000, "1 h 02 m")]
    [InlineData(0, "0 ms")]
    [InlineData(1_000, "1.0 s")]
    [InlineData(60_000, "1 m 00 s")]
    [InlineData(3_600_000, "1 h 00 m")]
    [InlineData(360_000_000, "100 h 00 m")]
    public void Durations_are_written_for_people(int milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));
}
