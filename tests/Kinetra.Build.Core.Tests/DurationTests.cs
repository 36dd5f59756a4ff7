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
    [InlineData(480, "480 ms")]
    [InlineData(2_340, "2.3 s")]
    [InlineData(245_000, "4 m 05 s")]
    [InlineData(3_720_000, "1 h 02 m")]
    public void Durations_are_written_for_people(int milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));
}
