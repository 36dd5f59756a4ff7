using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Tests.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class JsonScannerTests
{
    private const string Valid = """{"a":[1,-0.5e+3,"x\"\u00fc\\",null,true,false,{"b":{}},[]], "c" :"ü","d":[[1,2],{"e":"\/\b\f\n\r\t"}]}""";

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\x\"", "\t", "\u0001", " ", "null", "nul", "true", "false", "0", "01", "-", "-0", "1.", ".5", "1e", "1E-2", "1e999", "+1", "{}", "[]", "//", "\uFEFF",
    ];

    [Fact]
    public void It_takes_for_JSON_what_the_reader_of_the_system_takes_for_it()
    {
        int read = 0;
        DamagedBytes.Of(Encoding.UTF8.GetBytes(Valid), Words).Sample(
            bytes =>
            {
                bool isJson = IsJson(bytes);
                Assert.Equal(isJson, Passes(bytes));
                Interlocked.Add(ref read, isJson ? 1 : 0);
            },
            iter: PropertyCases.Fuzz,
            print: DamagedBytes.Print);
        Assert.InRange(read, 1, PropertyCases.Fuzz - 1);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    public void It_goes_as_deep_as_the_reader_of_the_system(int depth)
    {
        byte[] json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        Assert.Equal(depth == 64, IsJson(json));
        Assert.Equal(depth == 64, Passes(json));
    }

    [Fact]
    public void Texts_come_back_as_they_were() =>
        Gen.String.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).Sample(
            text => Of(JsonSerializer.Serialize(text)).ReadText() == text && Of(Relaxed(text)).ReadText() == text,
            iter: PropertyCases.Sequences);

    [Fact]
    public void A_text_that_is_what_it_most_likely_is_is_not_made_again()
    {
        string like = new('x', 3);
        Assert.Same(like, Of("\"xxx\"").ReadText(like));
        Assert.Equal("xxy", Of("\"xxy\"").ReadText(like));
        Assert.Equal("xx", Of("\"xx\"").ReadText(like));
        Assert.Null(Of("null").ReadOptionalText(like));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    public void What_is_no_text_is_refused(string json) => Assert.Throws<JsonException>(() => Of(json).ReadText());

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\u00ff\"")]
    public void A_text_that_is_none_is_refused(string json) =>
        Assert.Throws<InvalidOperationException>(() => new JsonScanner(Encoding.Latin1.GetBytes(json)).ReadText());

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-12", -12)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers_are_read(string json, long value) => Assert.Equal(value, Of(json).ReadInt64());

    [Fact]
    public void What_is_no_integer_or_too_large_a_one_is_refused()
    {
        Assert.Throws<OverflowException>(() => Of("9223372036854775808").ReadInt64());
        Assert.Throws<OverflowException>(() => Of("2147483648").ReadInt32());
        Assert.Throws<FormatException>(() => Of("1.0").ReadInt64());
        Assert.Throws<FormatException>(() => Of("1e2").ReadInt64());
        Assert.Throws<JsonException>(() => Of("\"1\"").ReadInt64());
        Assert.Throws<JsonException>(() => Of("true ").ReadInt64());
        Assert.Throws<JsonException>(() => Of("1").ReadBoolean());
    }

    [Fact]
    public void Seconds_are_read_as_they_were_written() =>
        Gen.Long[-1_000_000_000_000_000, 2_000_000_000_000_000].Select(TimeSpan.FromMicroseconds).Sample(
            time =>
            {
                string json = Written(time);
                Assert.Equal(time, Of(json).ReadSeconds());
                Assert.Equal(time, StateFile.Seconds(double.Parse(json, CultureInfo.InvariantCulture)));
            },
            iter: PropertyCases.Sequences);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.5", 1_500_000)]
    [InlineData("-1.5", -1_500_000)]
    [InlineData("5E-06", 5)]
    [InlineData("1.2e1", 12_000_000)]
    [InlineData("3.6663074", 3_666_307)]
    [InlineData("0.0000004", 0)]
    [InlineData("0.0000006", 1)]
    public void Seconds_are_read_however_they_are_written(string json, long microseconds) =>
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), Of(json).ReadSeconds());

    [Theory]
    [InlineData("1e999")]
    [InlineData("99999999999999999")]
    [InlineData("99999999999999999999")]
    [InlineData("10000000000000")]
    public void Times_that_cannot_be_are_refused(string json) => Assert.ThrowsAny<ArithmeticException>(() => Of(json).ReadSeconds());

    [Theory]
    [InlineData(0, "0")]
    [InlineData(5, "0.000005")]
    [InlineData(1_500_000, "1.5")]
    [InlineData(10_000_000, "10")]
    [InlineData(-1_000_001, "-1.000001")]
    [InlineData(922_337_203_685_477_580, "922337203685.47758")]
    public void Seconds_are_written_without_needless_digits(long microseconds, string json) =>
        Assert.Equal(json, Written(TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond)));

    private static JsonScanner Of(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string Relaxed(string text) => Format(json => json.WriteString("x", text));

    private static string Written(TimeSpan time) => Format(json => json.WriteSeconds("x"u8, time));

    // The value of the only property.
    private static string Format(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(JsonRecord.Format(write))["{\"x\":".Length..^1];

    private static bool Passes(byte[] json)
    {
        try
        {
            JsonScanner scanner = new(json);
            scanner.Skip();
            scanner.End();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsJson(byte[] json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
