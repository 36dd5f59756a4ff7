using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

[UnsupportedOSPlatform("windows")]
public sealed class BackupStoreTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Backups_of_one_second_are_numbered()
    {
        string[] paths = [.. Enumerable.Range(0, 3).Select(i => Create("a.txt", $"{i}").Path)];
        Assert.Equal(
            [
                "data/backups/workflow/a.txt.20261123_045501.bak",
                "data/backups/workflow/a.txt.20261123_045501-002.bak",
                "data/backups/workflow/a.txt.20261123_045501-003.bak",
            ],
            paths.Select(path => path.Replace('\\', '/')));
        Assert.Equal(["0", "1", "2"], paths.Select(_project.Folder.Read));
    }

    [Fact]
    public void A_backup_says_what_it_is_of()
    {
        Backup backup = Create("x/a.txt", "1");
        Assert.Equal("x/a.txt", backup.OriginalPath);
        Assert.Equal(TestProject.Sha256("1"), backup.Sha256);
        Assert.Equal(_project.Time.GetUtcNow(), backup.Timestamp);
    }

    [Fact]
    public void Backups_are_private_whatever_the_files_mode_is()
    {
        Platform.RequireUnix();
        Backup backup = Create("x/a.txt", "1");
        Assert.Equal(UnixMode.Private, Mode(backup.Path));
        Assert.Equal(UnixMode.Private, Mode("data/backups/workflow/x/manifest.journal"));
        Assert.Equal(UnixMode.PrivateDirectory, Mode("data/backups/workflow/x"));
        Assert.Equal(UnixMode.PrivateDirectory, Mode("data/backups/workflow"));
        Assert.Equal(Mode("x"), Mode("data/backups"));
    }

    [Fact]
    public void Git_ignores_backups()
    {
        Create("a.txt", "1");
        Assert.Contains("*", File.ReadAllLines(_project.Folder["data/backups/workflow/.gitignore"]));
    }

    [Fact]
    public void Each_folder_has_backups_and_manifest_of_its_own()
    {
        Create("x/a.txt", "1");
        Create("y/a.txt", "2");
        Assert.Equal("1", _project.Folder.Read("data/backups/workflow/x/a.txt.20261123_045501.bak"));
        Assert.Equal("2", _project.Folder.Read("data/backups/workflow/y/a.txt.20261123_045501.bak"));
    }

    [Fact]
    public void A_file_outside_the_project_is_backed_up_by_its_whole_path()
    {
        using TempOutside outside = new();
        Backup backup = _project.Backups.Create(_project.Path(outside.File), BackupRotation.None);
        Assert.Equal("outside", File.ReadAllText(_project.Folder[backup.Path]));
        Assert.StartsWith(_project.Folder[Path.Combine("data", "backups", "workflow", "@root")], _project.Folder[backup.Path]);
    }

    [Theory]
    [InlineData("missing.txt")]
    [InlineData("missing/a.txt")]
    public void A_missing_file_is_an_error(string path)
    {
        _project.Fails(DiagnosticCodes.NothingToBackUp, () => _project.Backups.Create(_project.Path(path), BackupRotation.None));
        Assert.DoesNotContain(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder["directory"]);
        _project.Fails(DiagnosticCodes.NothingToBackUp, () => _project.Backups.Create(_project.Path("directory"), BackupRotation.None));
    }

    [Fact]
    public void A_pipe_and_a_device_are_errors()
    {
        Platform.RequireLinux();
        Platform.MakeFifo(_project.Folder["pipe"]);
        foreach (string path in new[] { "pipe", "/dev/zero" })
        {
            _project.Fails(DiagnosticCodes.NothingToBackUp, () => _project.Backups.Create(_project.Path(path), BackupRotation.None));
        }
    }

    [Fact]
    public void A_backup_directory_that_is_a_file_is_an_error()
    {
        _project.Write("a.txt", "1");
        _project.Write("data/backups", "");
        _project.Fails(DiagnosticCodes.BackupFailed, () => _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None));
    }

    [Fact]
    public void A_file_that_is_there_already_is_not_overwritten()
    {
        _project.Write("data/backups/workflow/a.txt.20261123_045501.bak", "somebody else's");
        Assert.EndsWith("-002.bak", Create("a.txt", "1").Path);
        Assert.Equal("somebody else's", _project.Folder.Read("data/backups/workflow/a.txt.20261123_045501.bak"));
    }

    [Fact]
    public void Backups_made_at_the_same_time_are_all_kept_and_all_recorded()
    {
        Concurrently.Run(4, thread =>
        {
            for (int i = 0; i < 5; i++)
            {
                _project.Write($"f{thread}", $"{i}");
                _project.Backups.Create(_project.Path($"f{thread}"), BackupRotation.None);
            }
        });
        IReadOnlyList<BackupRecord> records = BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records;
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), records.Select(record => record.Sequence));
        Assert.All(records, record => Assert.Equal(record.Sha256, FileDigest.Compute(_project.Path(TestProject.BackupDirectory).Combine(record.Backup))));
        Assert.Equal(20, records.Select(record => record.Backup).Distinct().Count());
    }

    private Backup Create(string path, string content) => _project.Backups.Create(_project.Write(path, content), BackupRotation.None);

    private UnixFileMode Mode(string path) => File.GetUnixFileMode(_project.Folder[path]);

    private sealed class TempOutside : IDisposable
    {
        private readonly Testing.TempFolder _folder = new();

        public TempOutside() => File = _folder.Write("a.txt", "outside");

        public string File { get; }

        public void Dispose() => _folder.Dispose();
    }
}
