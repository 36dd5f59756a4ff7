using System.Text;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class SafeFileNameTests
{
    [Theory]
    [InlineData("Download", "Download")]
    [InlineData("Download Data", "Download-Data")]
    [InlineData("a_b-c.d", "a_b-c.d")]
    [InlineData("Datén 数据", "Datén-数据")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("C:\\x", "C--x")]
    [InlineData("a\0b\nc", "a-b-c")]
    [InlineData(".hidden.", "hidden")]
    [InlineData("*?<>|\"", "step")]
    [InlineData("..", "step")]
    [InlineData("", "step")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.csv", "_nul.csv")]
    public void Any_name_becomes_a_plain_file_name(string name, string expected) =>
        Assert.Equal(expected, SafeFileName.From(name));

    [Fact]
    public void Half_a_character_becomes_a_hyphen() => Assert.Equal("a-b", SafeFileName.From("a\ud800b"));

    [Theory]
    [InlineData("x")]
    [InlineData("ü")]
    [InlineData("数")]
    [InlineData("𝒳")]
    public void A_long_name_is_cut_between_two_characters(string letter)
    {
        string safe = SafeFileName.From(string.Concat(Enumerable.Repeat(letter, 400)));
        Assert.InRange(Encoding.UTF8.GetByteCount(safe), 97, 100);
        Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(safe)));
    }
}
