using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

[UnsupportedOSPlatform("windows")]
public sealed class RestoreTests : IDisposable
{
    private static readonly WriteOptions Options = new(Backup: true, Checksum: true);

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void The_newest_backup_comes_back_with_its_checksum()
    {
        BackUp("a.txt", "1", "2");
        _project.Write("a.txt", "now");
        Backup restored = Restore("a.txt");
        Assert.Equal("2", _project.Folder.Read("a.txt"));
        Assert.Equal(TestProject.Sha256("2"), restored.Sha256);
        Assert.True(_project.Checksums.Verify(_project.Path("a.txt"), TestProject.Sha256("2")));
        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void A_deleted_file_and_its_directory_come_back()
    {
        BackUp("x/a.txt", "1");
        Directory.Delete(_project.Folder["x"], recursive: true);
        Restore("x/a.txt");
        Assert.Equal("1", _project.Folder.Read("x/a.txt"));
    }

    [Fact]
    public void The_newest_is_the_last_one_made_though_the_clock_was_set_back()
    {
        BackUp("a.txt", "1");
        _project.Time.AdjustTime(_project.Time.GetUtcNow().AddDays(-1));
        BackUp("a.txt", "2");
        _project.Write("a.txt", "now");
        Restore("a.txt");
        Assert.Equal("2", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void What_is_replaced_is_backed_up_first_and_can_be_restored_by_its_path()
    {
        BackUp("a.txt", "1");
        _project.Write("a.txt", "now");
        Backup? replaced = _project.Files.Restore(_project.Path("a.txt"), BackupChoice.Newest, Options).Replaced;
        string kept = Assert.Single(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal) && _project.Folder.Read(file) == "now");
        Assert.Equal(kept, replaced!.Path.Replace('\\', '/'));
        Restore("a.txt", BackupChoice.Exactly(_project.Path(kept)));
        Assert.Equal("now", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Twice_is_the_same_as_once()
    {
        BackUp("a.txt", "1", "2");
        _project.Write("a.txt", "now");
        Backup first = Restore("a.txt");
        IReadOnlyList<string> files = _project.Folder.Files();
        DateTime modified = File.GetLastWriteTimeUtc(_project.Folder["a.txt"]);
        Assert.Equal(first, Restore("a.txt"));
        Assert.Equal("2", _project.Folder.Read("a.txt"));
        Assert.Equal(modified, File.GetLastWriteTimeUtc(_project.Folder["a.txt"]));
        Assert.Equal(files, _project.Folder.Files());
    }

    [Fact]
    public void A_second_restore_after_a_change_does_not_undo_the_first()
    {
        BackUp("a.txt", "1");
        _project.Write("a.txt", "bad");
        Restore("a.txt");
        _project.Write("a.txt", "worse");
        Restore("a.txt");
        Assert.Equal("1", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void The_mode_comes_back_too()
    {
        Platform.RequireUnix();
        _project.Write("run.sh", "1");
        File.SetUnixFileMode(_project.Folder["run.sh"], UnixMode.Parse("mode", "0750"));
        _project.Backups.Create(_project.Path("run.sh"), BackupRotation.None);
        File.Delete(_project.Folder["run.sh"]);
        Restore("run.sh");
        Assert.Equal("0750", UnixMode.Format(File.GetUnixFileMode(_project.Folder["run.sh"])));
    }

    [Fact]
    public void Without_a_backup_nothing_happens()
    {
        _project.Write("a.txt", "now");
        _project.Fails(DiagnosticCodes.NoBackup, () => Restore("a.txt"));
        Assert.Equal(["a.txt"], _project.Folder.Files());
    }

    [Theory]
    [InlineData("x", "x.old")]
    [InlineData("x", "xx")]
    [InlineData("a/x", "b/x")]
    [InlineData("x", "b/x")]
    [InlineData("*", "x")]
    [InlineData("[x]", "x")]
    [InlineData("x", "X")]
    public void Another_files_backups_do_not_count(string wanted, string other)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        BackUp(other, "other's");
        _project.Fails(DiagnosticCodes.NoBackup, () => Restore(wanted));
        _project.Write(wanted, "now");
        _project.Fails(DiagnosticCodes.NoBackup, () => Restore(wanted));
        Assert.Equal("now", _project.Folder.Read(wanted));
    }

    [Theory]
    [InlineData("a*b?[c].txt")]
    [InlineData("{0} %41.txt")]
    [InlineData(" blank ")]
    [InlineData("ü\n数.txt")]
    public void Any_name_can_be_backed_up_and_restored(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        BackUp(name, "1");
        _project.Write(name, "now");
        Restore(name);
        Assert.Equal("1", _project.Folder.Read(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdeX")]
    [InlineData("0123456789abcdef0")]
    public void A_damaged_backup_leaves_the_file_as_it_is(string damaged)
    {
        string backup = BackUp("a.txt", "0123456789abcdef");
        _project.Write(backup, damaged);
        _project.Write("a.txt", "now");
        _project.Fails(DiagnosticCodes.CorruptBackup, () => Restore("a.txt"));
        Assert.Equal("now", _project.Folder.Read("a.txt"));
        Assert.Null(_project.Checksums.Find(_project.Path("a.txt")));
    }

    [Fact]
    public void A_backup_that_was_deleted_by_hand_is_an_error_that_names_it()
    {
        string backup = BackUp("a.txt", "1");
        File.Delete(_project.Folder[backup]);
        _project.Write("a.txt", "now");
        KinetraException error = _project.Fails(DiagnosticCodes.CorruptBackup, () => Restore("a.txt"));
        Assert.Contains(backup, error.Message);
        Assert.Equal("now", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_directory_in_a_backups_place_is_a_damaged_backup()
    {
        string backup = BackUp("a.txt", "1");
        File.Delete(_project.Folder[backup]);
        Directory.CreateDirectory(_project.Folder[backup]);
        _project.Fails(DiagnosticCodes.CorruptBackup, () => Restore("a.txt"));
    }

    [Fact]
    public void A_failed_backup_of_what_is_there_stops_the_restore()
    {
        BackUp("a.txt", "1");
        _project.Write("a.txt", "now");
        File.Delete(_project.Folder["data/backups/workflow/manifest.lock"]);
        Directory.CreateDirectory(_project.Folder["data/backups/workflow/manifest.lock"]);
        _project.Fails(DiagnosticCodes.BackupFailed, () => Restore("a.txt"));
        Assert.Equal("now", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_directory_in_the_files_place_is_an_error()
    {
        BackUp("a.txt", "1");
        File.Delete(_project.Folder["a.txt"]);
        Directory.CreateDirectory(_project.Folder["a.txt"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => Restore("a.txt"));
    }

    private string BackUp(string path, params string[] contents) =>
        contents.Select(content => _project.Backups.Create(_project.Write(path, content), BackupRotation.None).Path).Last();

    private Backup Restore(string path, BackupChoice? choice = null) =>
        _project.Files.Restore(_project.Path(path), choice ?? BackupChoice.Newest, Options).Restored;
}
