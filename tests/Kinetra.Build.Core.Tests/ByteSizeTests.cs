using Xunit;

namespace Kinetra.Build.Core.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1048576", 1048576)]
    [InlineData("512B", 512)]
    [InlineData("2kb", 2048)]
    [InlineData(" 500 MB ", 524288000)]
    [InlineData("1.5GB", 1610612736)]
    [InlineData("1TB", 1099511627776)]
    public void Every_documented_form_is_read(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse("KinetraCacheSize", text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0GB")]
    [InlineData("-1GB")]
    [InlineData("5 giga")]
    [InlineData("GB")]
    [InlineData("1.2.3GB")]
    [InlineData("9999999999TB")]
    public void Anything_else_is_an_error_that_names_where_it_came_from(string text)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => ByteSize.Parse("KinetraCacheSize", text));
        Assert.Equal(DiagnosticCodes.InvalidValue, error.Code);
        Assert.Contains($"KinetraCacheSize: \"{text}\"", error.Message);
        Assert.Equal(text is "0" or "0GB", error.Message.EndsWith("For no cache at all set KinetraCacheDirectory to nothing.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 KB")]
    [InlineData(1500000, "1.4 MB")]
    [InlineData(24696061952, "23 GB")]
    [InlineData(5000000000000000, "4547 TB")]
    public void Amounts_are_written_for_people(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}
