using System.Runtime.Versioning;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>A write counts the other names of the file that it replaces, as they keep the old content.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HardLinkTests : IDisposable
{
    private readonly TestProject _project = new();

    public HardLinkTests() => Platform.RequireUnix();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_new_file_and_one_with_one_name_have_no_others()
    {
        Assert.Equal(0, _project.Protect("a.txt", "1").OtherNames);
        Assert.Equal(0, _project.Protect("a.txt", "2").OtherNames);
    }

    [Fact]
    public void Others_are_counted_once_and_keep_the_old_content()
    {
        _project.Protect("a.txt", "1");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["b.txt"]);
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["c.txt"]);
        Assert.Equal(2, _project.Protect("a.txt", "2").OtherNames);
        Assert.Equal(["2", "1", "1"], new[] { "a.txt", "b.txt", "c.txt" }.Select(_project.Folder.Read));
        Assert.Equal(0, _project.Protect("a.txt", "3").OtherNames);
    }

    [Fact]
    public void Behind_a_symbolic_link_they_are_counted_too()
    {
        _project.Protect("a.txt", "1");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["b.txt"]);
        File.CreateSymbolicLink(_project.Folder["link"], "a.txt");
        Assert.Equal(1, _project.Protect("link", "2").OtherNames);
    }

    [Fact]
    public void A_file_that_is_left_alone_has_nothing_to_count()
    {
        _project.Protect("a.txt", "1");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["b.txt"]);
        Assert.Equal(0, _project.Protect("a.txt", "1", onlyIfChanged: true).OtherNames);
    }
}
