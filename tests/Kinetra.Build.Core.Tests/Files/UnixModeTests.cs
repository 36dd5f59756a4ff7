using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class UnixModeTests
{
    [Theory]
    [InlineData("0600", 0x180)]
    [InlineData("644", 0x1A4)]
    [InlineData(" 0755 ", 0x1ED)]
    [InlineData("4755", 0x9ED)]
    public void Three_or_four_octal_digits_are_read(string text, int mode) =>
        Assert.Equal((UnixFileMode)mode, UnixMode.Parse("UnixMode", text));

    [Theory]
    [InlineData("")]
    [InlineData("64")]
    [InlineData("00644")]
    [InlineData("0o644")]
    [InlineData("689")]
    [InlineData("rw-r--r--")]
    [InlineData("-600")]
    public void Anything_else_is_an_error_that_names_parameter_and_value(string text)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => UnixMode.Parse("UnixMode", text));
        Assert.Equal(DiagnosticCodes.InvalidValue, error.Code);
        Assert.Contains("UnixMode", error.Message);
        Assert.Contains($"\"{text}\"", error.Message);
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0007")]
    [InlineData("4755")]
    public void A_mode_is_written_as_it_is_read(string text) =>
        Assert.Equal(text, UnixMode.Format(UnixMode.Parse("UnixMode", text)));
}
