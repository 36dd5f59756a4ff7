using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>A write or a restore counts the other names of the file that it replaces, as they keep the old content.</summary>
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
    public void A_restore_counts_them_as_a_write_does()
    {
        _project.Protect("a.txt", "1");
        Assert.Equal(0, Verify().OtherNames);
        _project.Write("a.txt", "tampered");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["b.txt"]);
        Assert.Equal(1, Verify().OtherNames);
        Assert.Equal("tampered", _project.Folder.Read("b.txt"));

        _project.Protect("a.txt", "2");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["c.txt"]);
        Assert.Equal(1, Restore().OtherNames);

        // The second time there is nothing to replace, though the file may have another name by now.
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["d.txt"]);
        Assert.Equal(0, Restore().OtherNames);
    }

    [Fact]
    public void A_file_that_is_left_alone_has_nothing_to_count()
    {
        _project.Protect("a.txt", "1");
        Platform.MakeHardLink(_project.Folder["a.txt"], _project.Folder["b.txt"]);
        Assert.Equal(0, _project.Protect("a.txt", "1", onlyIfChanged: true).OtherNames);
    }

    private IntegrityResult Verify() => _project.Integrity.Verify(_project.Path("a.txt"), null, MissingBaseline.Fail, Mismatch.Restore);

    private RestoreResult Restore() => _project.Files.Restore(_project.Path("a.txt"), BackupChoice.Newest, new WriteOptions(Backup: true, Checksum: true));
}
