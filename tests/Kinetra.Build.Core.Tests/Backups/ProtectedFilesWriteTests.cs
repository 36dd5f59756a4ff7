using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

[UnsupportedOSPlatform("windows")]
public sealed class ProtectedFilesWriteTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_new_file_has_its_content_its_record_and_no_backup()
    {
        WriteResult result = _project.Protect("a.txt", "1");
        Assert.Equal("1", _project.Folder.Read("a.txt"));
        Assert.Equal(new WriteResult(TestProject.Sha256("1"), null, Changed: true, OtherNames: 0), result);
        Assert.True(_project.Checksums.Verify(_project.Path("a.txt"), TestProject.Sha256("1")));
        Assert.Null(_project.Checksums.Find(_project.Path("a.txt"))!.Pending);
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void What_is_replaced_is_backed_up_byte_for_byte()
    {
        byte[] old = [0, 13, 10, 255, 254];
        File.WriteAllBytes(_project.Folder["a.bin"], old);
        Backup backup = _project.Protect("a.bin", "new").Backup!;
        Assert.Equal("data/backups/workflow/a.bin.20261123_045501.bak", backup.Path);
        Assert.Equal(old, File.ReadAllBytes(_project.Folder[backup.Path]));
        Assert.Equal("new", _project.Folder.Read("a.bin"));
    }

    [Fact]
    public void Neither_backup_nor_record_is_made_unless_asked_for()
    {
        _project.Write("a.txt", "old");
        _project.Files.Write(_project.Path("a.txt"), FileContent.Text("new", "utf-8"), new WriteOptions(Backup: false, Checksum: false));
        Assert.Equal("new", _project.Folder.Read("a.txt"));
        Assert.DoesNotContain(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal) || file.EndsWith(".checksum", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_backup_stops_the_write()
    {
        _project.Write("a.txt", "old");
        _project.Write("data/backups/workflow", "a file where the directory should be");
        _project.Fails(DiagnosticCodes.BackupFailed, () => _project.Protect("a.txt", "new"));
        Assert.Equal("old", _project.Folder.Read("a.txt"));
        Assert.Null(_project.Checksums.Find(_project.Path("a.txt")));
    }

    [Fact]
    public void A_record_that_cannot_be_written_stops_the_write()
    {
        _project.Write("a.txt", "old");
        Directory.CreateDirectory(_project.Folder[".workflow_state/a.txt.checksum"]);
        Assert.ThrowsAny<KinetraException>(() => _project.Protect("a.txt", "new"));
        Assert.Equal("old", _project.Folder.Read("a.txt"));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_state_directory_that_is_a_file_stops_the_write()
    {
        _project.Write("a.txt", "old");
        _project.Write(".workflow_state", "");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => _project.Protect("a.txt", "new"));
        Assert.Equal("old", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_directory_in_place_is_refused_before_anything_happens()
    {
        Directory.CreateDirectory(_project.Folder["a.txt"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => _project.Protect("a.txt", "new"));
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void Only_if_changed_leaves_an_equal_file_alone()
    {
        _project.Protect("a.txt", "1");
        DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_project.Folder["a.txt"], time);
        WriteResult result = _project.Protect("a.txt", "1", onlyIfChanged: true);
        Assert.Equal(new WriteResult(TestProject.Sha256("1"), null, Changed: false, OtherNames: 0), result);
        Assert.Equal(time, File.GetLastWriteTimeUtc(_project.Folder["a.txt"]));
        Assert.False(Directory.Exists(_project.Folder["data/backups"]));
    }

    [Fact]
    public void Only_if_changed_writes_another_content()
    {
        _project.Protect("a.txt", "1");
        WriteResult result = _project.Protect("a.txt", "2", onlyIfChanged: true);
        Assert.True(result.Changed);
        Assert.NotNull(result.Backup);
        Assert.Equal("2", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Only_if_changed_writes_a_missing_file()
    {
        Assert.True(_project.Protect("a.txt", "1", onlyIfChanged: true).Changed);
        Assert.Equal("1", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Only_if_changed_writes_an_equal_file_with_another_mode()
    {
        Platform.RequireUnix();
        _project.Protect("a.txt", "1", mode: UnixMode.Parse("mode", "0644"));
        Assert.True(_project.Protect("a.txt", "1", onlyIfChanged: true, UnixMode.Private).Changed);
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(_project.Folder["a.txt"]));
        Assert.False(_project.Protect("a.txt", "1", onlyIfChanged: true, UnixMode.Private).Changed);
    }

    [Fact]
    public void Only_if_changed_records_an_equal_file_that_has_no_record()
    {
        _project.Write("a.txt", "1");
        Assert.False(_project.Protect("a.txt", "1", onlyIfChanged: true).Changed);
        Assert.True(_project.Checksums.Verify(_project.Path("a.txt"), TestProject.Sha256("1")));
    }

    [Fact]
    public void Only_if_changed_refuses_a_directory()
    {
        Directory.CreateDirectory(_project.Folder["a.txt"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => _project.Protect("a.txt", "1", onlyIfChanged: true));
    }

    [Fact]
    public void A_tampered_file_is_found_after_a_write_and_kept_as_a_backup_by_the_next_one()
    {
        _project.Protect("a.txt", "1");
        _project.Write("a.txt", "tampered");
        Assert.False(_project.Checksums.Verify(_project.Path("a.txt"), TestProject.Sha256("tampered")));
        Backup backup = _project.Protect("a.txt", "2").Backup!;
        Assert.Equal("tampered", _project.Folder.Read(backup.Path));
        Assert.True(_project.Checksums.Verify(_project.Path("a.txt"), TestProject.Sha256("2")));
    }

    [Fact]
    public void A_backup_through_a_link_is_of_what_the_link_points_to()
    {
        Platform.RequireUnix();
        _project.Write("real.txt", "old");
        File.CreateSymbolicLink(_project.Folder["link.txt"], "real.txt");
        Backup backup = _project.Protect("link.txt", "new").Backup!;
        Assert.Equal("old", _project.Folder.Read(backup.Path));
        Assert.Equal("new", _project.Folder.Read("real.txt"));
        Assert.NotNull(new FileInfo(_project.Folder["link.txt"]).LinkTarget);
    }

    [Fact]
    public void A_name_of_255_bytes_can_be_protected()
    {
        string name = new('x', 255);
        _project.Protect(name, "1");
        _project.Protect(name, "2");
        Assert.Equal("2", _project.Folder.Read(name));
    }
}
