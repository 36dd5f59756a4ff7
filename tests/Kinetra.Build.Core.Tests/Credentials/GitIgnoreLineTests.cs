using System.Runtime.Versioning;
using System.Text;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Credentials;

[UnsupportedOSPlatform("windows")]
public sealed class GitIgnoreLineTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(".env", "/.env")]
    [InlineData("config/.env", "/config/.env")]
    [InlineData("#a", "/#a")]
    [InlineData("!a", "/!a")]
    [InlineData("a*b", "/a\\*b")]
    [InlineData("a?b", "/a\\?b")]
    [InlineData("a[b]", "/a\\[b]")]
    [InlineData("a b", "/a b")]
    [InlineData("a ", "/a\\ ")]
    [InlineData("a  ", "/a\\ \\ ")]
    [InlineData("a\nb", "/a?b")]
    [InlineData("a\r", "/a?")]
    public void The_line_stands_for_the_file_and_nothing_else(string file, string line) => Assert.Equal(line, LineFor(file).Text);

    [Fact]
    public void A_backslash_in_a_name_is_escaped()
    {
        Platform.RequireUnix();
        Assert.Equal("/a\\\\b", LineFor("a\\b").Text);
    }

    [Theory]
    [InlineData("", "/.env\n")]
    [InlineData("bin/\n", "bin/\n/.env\n")]
    [InlineData("bin/", "bin/\n/.env\n")]
    [InlineData("bin/\r\nobj/\r\n", "bin/\r\nobj/\r\n/.env\r\n")]
    [InlineData("bin/\r\nobj/", "bin/\r\nobj/\r\n/.env\r\n")]
    [InlineData("bin/\nobj/\r\n", "bin/\nobj/\r\n/.env\r\n")]
    [InlineData("\n", "\n/.env\n")]
    [InlineData("/.env.local", "/.env.local\n/.env\n")]
    [InlineData("# /.env", "# /.env\n/.env\n")]
    public void The_line_is_added_behind_what_is_there_in_its_form(string before, string after)
    {
        _project.Write(".gitignore", before);
        Assert.True(LineFor(".env").Add());
        Assert.Equal(after, _project.Folder.Read(".gitignore"));
    }

    [Theory]
    [InlineData("/.env")]
    [InlineData("/.env\n")]
    [InlineData("a\n/.env\nb")]
    [InlineData("a\r\n/.env\r\nb\r\n")]
    public void The_line_is_never_added_twice(string before)
    {
        _project.Write(".gitignore", before);
        Assert.False(LineFor(".env").Add());
        Assert.Equal(before, _project.Folder.Read(".gitignore"));
    }

    [Fact]
    public void What_is_there_stays_byte_for_byte()
    {
        byte[] before = [0xEF, 0xBB, 0xBF, 0xFF, 0x00, (byte)'\n', 0xC3];
        File.WriteAllBytes(_project.Folder[".gitignore"], before);
        Assert.True(LineFor("ü.env").Add());
        Assert.Equal([.. before, .. Encoding.UTF8.GetBytes("\n/ü.env\n")], File.ReadAllBytes(_project.Folder[".gitignore"]));
    }

    [Fact]
    public void The_mode_of_the_file_stays()
    {
        Platform.RequireUnix();
        _project.Write(".gitignore", "a\n");
        File.SetUnixFileMode(_project.Folder[".gitignore"], UnixMode.Parse("mode", "0664"));
        LineFor(".env").Add();
        Assert.Equal("0664", UnixMode.Format(File.GetUnixFileMode(_project.Folder[".gitignore"])));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_missing_file_is_made() => Assert.True(LineFor(".env").Add() && _project.Folder.Read(".gitignore") == "/.env\n");

    [Fact]
    public void A_directory_in_its_place_is_an_error_and_has_no_line()
    {
        Directory.CreateDirectory(_project.Folder[".gitignore"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => LineFor(".env").Add());
        Assert.False(LineFor(".env").IsPresent());
    }

    private GitIgnoreLine LineFor(string file) => GitIgnoreLine.For(_project.Path(".gitignore"), file);
}
