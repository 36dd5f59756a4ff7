using System.Text;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class EnvironmentFileTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  A = 1  ", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("export   A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=\"\"", "")]
    [InlineData("A=''", "")]
    [InlineData("A=b=c==", "b=c==")]
    [InlineData("A=1 # one", "1")]
    [InlineData("A=1#one", "1#one")]
    [InlineData("A=#1", "#1")]
    [InlineData("A=$HOME `x` ${B}", "$HOME `x` ${B}")]
    [InlineData("A=it's", "it's")]
    [InlineData("A=a\\nb", "a\\nb")]
    [InlineData("A='a\\nb # c'", "a\\nb # c")]
    [InlineData("A=' x ' # comment", " x ")]
    [InlineData("A=\"x # y\"#comment", "x # y")]
    [InlineData("A=\"a\\nb\\tc\\\"d\\\\e\\x\"", "a\nb\tc\"d\\e\\x")]
    [InlineData("A=\"it's\"", "it's")]
    [InlineData("A=ü数", "ü数")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("\n# comment\n   # another\n\r\nA=1\r\n", "1")]
    public void Every_form_is_read(string text, string value) =>
        Assert.Equal([new("A", value)], Read(text));

    [Fact]
    public void A_comment_behind_an_empty_value_is_no_value() => Assert.Equal("", Read("TOKEN= # put it here")["TOKEN"]);

    [Fact]
    public void Only_line_feed_and_carriage_return_end_a_line() =>
        Assert.Equal("w\fx\u0085y\u2028z", Read("A='w\fx\u0085y\u2028z'")["A"]);

    [Fact]
    public void An_empty_file_has_no_variables() => Assert.Empty(Read(""));

    [Fact]
    public void A_byte_order_mark_does_not_matter()
    {
        File.WriteAllText(_project.Folder[".env"], "A=1", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("1", EnvironmentFile.Read(_project.Path(".env"))["A"]);
    }

    [Theory]
    [InlineData("s3cret", 1)]
    [InlineData("A=1\n\n# c\ns3cret", 4)]
    [InlineData("A=1\r\n=s3cret", 2)]
    [InlineData("1A=s3cret", 1)]
    [InlineData("A-B=s3cret", 1)]
    [InlineData("A B=s3cret", 1)]
    [InlineData("Ä=s3cret", 1)]
    [InlineData("export =s3cret", 1)]
    [InlineData("A='s3cret", 1)]
    [InlineData("A=\"s3cret", 1)]
    [InlineData("A=\"s3cret\\\"", 1)]
    [InlineData("A='s3cret' more", 1)]
    [InlineData("A='s3cret\nB=2'", 1)]
    public void A_malformed_line_is_an_error_with_its_number_and_without_its_text(string text, int line)
    {
        KinetraException error = _project.Fails(DiagnosticCodes.MalformedEnvironmentFile, () => Read(text));
        Assert.Equal(line, error.Line);
        Assert.Equal(".env", error.File);
        Assert.Contains($"Line {line} of .env", error.Message);
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Fact]
    public void A_missing_file_is_an_error() =>
        _project.Fails(DiagnosticCodes.EnvironmentFileMissing, () => EnvironmentFile.Read(_project.Path("no/.env")));

    [Fact]
    public void A_directory_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder[".env"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => EnvironmentFile.Read(_project.Path(".env")));
    }

    [Fact]
    public void A_pipe_is_an_error_instead_of_an_endless_wait()
    {
        Platform.RequireUnix();
        Platform.MakeFifo(_project.Folder[".env"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => EnvironmentFile.Read(_project.Path(".env")));
    }

    private IReadOnlyDictionary<string, string> Read(string text) => EnvironmentFile.Read(_project.Write(".env", text));
}
