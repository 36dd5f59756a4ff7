using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class JsonRecordTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.000001")]
    [InlineData(10, "0.00001")]
    [InlineData(1_500_000, "1.5")]
    [InlineData(1_000_001, "1.000001")]
    [InlineData(60_000_000, "60")]
    [InlineData(-1_250_000, "-1.25")]
    [InlineData(-1, "-0.000001")]
    public void Seconds_have_as_many_digits_as_they_need(long microseconds, string expected) => Assert.Equal(expected, Seconds(TimeSpan.FromMicroseconds(microseconds)));

    [Fact]
    public void A_duration_is_written_as_it_is_and_read_as_it_was()
    {
        Random random = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan duration = TimeSpan.FromMicroseconds(random.NextInt64(4_000_000_000_000_000 >> random.Next(52)));
            string seconds = Seconds(duration);
            Assert.Equal((duration.Ticks / 10_000_000m).ToString("0.######", CultureInfo.InvariantCulture), seconds);
            Assert.Equal(duration, StateFile.Seconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Less_than_a_microsecond_is_left_out() => Assert.Equal("0.000001", Seconds(TimeSpan.FromTicks(19)));

    private static string Seconds(TimeSpan duration)
    {
        byte[] record = JsonRecord.Format(json => json.WriteSeconds("s"u8, duration));
        return Encoding.UTF8.GetString(record)["{\"s\":".Length..^1];
    }
}
