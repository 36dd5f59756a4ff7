using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class TargetFileTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("con")]
    [InlineData("NUL.txt")]
    [InlineData("sub/Com1.tar.gz")]
    [InlineData("LPT9 .log")]
    public void Reserved_names_are_refused_everywhere(string path)
    {
        Refused(path);
        Assert.Empty(_project.Folder.Files());
    }

    [Theory]
    [InlineData("console")]
    [InlineData("nullable.txt")]
    [InlineData("con/a.txt")]
    [InlineData(".con")]
    public void Names_that_only_resemble_reserved_ones_are_fine(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no directory of a reserved name.");
        Assert.Equal(_project.Folder[path], TargetFile.Resolve(_project.Path(path), out _));
    }

    [Fact]
    public void A_directory_is_refused()
    {
        Directory.CreateDirectory(_project.Folder["directory"]);
        Refused("directory");
    }

    [Theory]
    [InlineData("directory/")]
    [InlineData("/")]
    public void A_path_that_ends_in_a_separator_is_refused(string path) => Refused(path);

    [Fact]
    public void A_link_to_a_directory_is_refused()
    {
        Platform.RequireUnix();
        Directory.CreateDirectory(_project.Folder["directory"]);
        File.CreateSymbolicLink(_project.Folder["link"], "directory");
        Refused("link");
    }

    [Fact]
    public void A_link_to_itself_is_refused()
    {
        Platform.RequireUnix();
        File.CreateSymbolicLink(_project.Folder["link"], "link");
        Refused("link");
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_refused_and_stays()
    {
        Platform.RequireUnix();
        File.CreateSymbolicLink(_project.Folder["link"], "missing");
        Refused("link");
        Assert.Equal("missing", new FileInfo(_project.Folder["link"]).LinkTarget);
        Assert.False(File.Exists(_project.Folder["missing"]));
    }

    [Fact]
    public void A_link_in_a_linked_directory_leads_where_the_system_says()
    {
        Platform.RequireUnix();
        _project.Write("x/g.txt", "old");
        Directory.CreateDirectory(_project.Folder["x/y"]);
        File.CreateSymbolicLink(_project.Folder["x/y/link"], "../g.txt");
        Directory.CreateSymbolicLink(_project.Folder["directory"], "x/y");
        AtomicFile.Write(_project.Path("directory/link"), "new"u8);
        Assert.Equal("new", _project.Folder.Read("x/g.txt"));
        Assert.False(File.Exists(_project.Folder["g.txt"]));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting()
    {
        Platform.RequireUnix();
        Platform.MakeFifo(_project.Folder["pipe"]);
        Refused("pipe");
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    public void A_device_is_refused(string path)
    {
        Platform.RequireLinux();
        Refused(path);
        Assert.True(File.Exists(path));
    }

    private void Refused(string path) =>
        _project.Fails(DiagnosticCodes.UnusablePath, () => AtomicFile.Write(_project.Path(path), "1"u8));
}
