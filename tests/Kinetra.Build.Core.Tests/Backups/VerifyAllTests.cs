using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>A restore drill finds every backup that could not be restored, says why, and changes nothing.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class VerifyAllTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void No_directory_and_an_empty_one_have_no_backups()
    {
        Assert.Empty(_project.Backups.VerifyAll());
        Directory.CreateDirectory(_project.Folder[TestProject.BackupDirectory]);
        Assert.Empty(_project.Backups.VerifyAll());
    }

    [Fact]
    public void Good_ones_in_all_folders_are_told_with_file_and_time()
    {
        Create("a.txt", "1");
        Create("x/y/b.txt", "2", EncryptedBackup.Key);
        BackupCheck[] checks = Verify(EncryptedBackup.Key);
        Assert.Equal(["a.txt", "x/y/b.txt"], checks.Select(check => check.OriginalPath));
        Assert.Equal([$"{TestProject.BackupDirectory}/a.txt.20261123_045501.bak", $"{TestProject.BackupDirectory}/x/y/b.txt.20261123_045501.bak"], checks.Select(check => check.Path));
        Assert.All(checks, check => Assert.Null(check.Problem));
        Assert.All(checks, check => Assert.Equal(_project.Time.GetUtcNow(), check.Timestamp));
    }

    [Fact]
    public void Missing_damaged_and_foreign_ones_are_told_each_with_its_code_and_the_rest_is_still_looked_at()
    {
        Backup missing = Create("a.txt", "1");
        Backup damaged = Create("b.txt", "2");
        Create("c.txt", "3", EncryptedBackup.OtherKey);
        Backup cut = Create("d.txt", "4", EncryptedBackup.Key);
        Backup directory = Create("e.txt", "5");
        Create("f.txt", "6", EncryptedBackup.Key);
        File.Delete(_project.Folder[missing.Path]);
        _project.Write(damaged.Path, "x");
        File.WriteAllBytes(_project.Folder[cut.Path], File.ReadAllBytes(_project.Folder[cut.Path])[..^1]);
        File.Delete(_project.Folder[directory.Path]);
        Directory.CreateDirectory(_project.Folder[directory.Path]);
        IReadOnlyList<string> files = _project.Folder.Files();
        Assert.Equal(
            [
                ("a.txt", DiagnosticCodes.CorruptBackup), ("b.txt", DiagnosticCodes.CorruptBackup), ("c.txt", DiagnosticCodes.WrongKey),
                ("d.txt", DiagnosticCodes.CorruptBackup), ("e.txt", DiagnosticCodes.CorruptBackup), ("f.txt", null),
            ],
            Verify(EncryptedBackup.Key).Select(check => (check.OriginalPath!, check.Problem?.Code)));
        Assert.Equal(files, _project.Folder.Files());

        // Nobody asked for a restore.
        Assert.All(Verify(EncryptedBackup.Key).Concat(Verify(null)).Where(check => check.Problem is not null), check =>
        {
            Assert.Contains(check.Path, check.Problem!.Message);
            Assert.DoesNotContain("Nothing was restored", check.Problem.Message);
            Assert.DoesNotContain("RestoreBackup", check.Problem.Message);
        });
        Assert.All(Verify(null).Where(check => check.Problem?.Code == DiagnosticCodes.CorruptBackup), check => Assert.Contains("BackupFile", check.Problem!.Message));
        Assert.Equal(DiagnosticCodes.KeyNeeded, Verify(null).Last().Problem?.Code);
    }

    [Fact]
    public void A_damaged_manifest_is_one_result_and_other_folders_are_still_looked_at()
    {
        Create("a/1.txt", "1");
        Create("b/2.txt", "2");
        string manifest = $"{TestProject.BackupDirectory}/a/{BackupManifest.FileName}";
        _project.Write(manifest, "kinetra-backups 9\n");
        BackupCheck[] checks = Verify(null);
        Assert.Equal([manifest, $"{TestProject.BackupDirectory}/b/2.txt.20261123_045501.bak"], checks.Select(check => check.Path));
        Assert.Equal([DiagnosticCodes.CorruptManifest, null], checks.Select(check => check.Problem?.Code));
        Assert.Null(checks[0].OriginalPath);
        Assert.Null(checks[0].Timestamp);
    }

    [Fact]
    public void A_pipe_in_a_manifests_place_is_an_error_too()
    {
        Platform.RequireUnix();
        Create("a.txt", "1");
        string manifest = _project.Folder[$"{TestProject.BackupDirectory}/{BackupManifest.FileName}"];
        File.Delete(manifest);
        Platform.MakeFifo(manifest);
        Assert.Equal(DiagnosticCodes.FileUnreadable, Assert.Single(Verify(null)).Problem?.Code);
        _project.Fails(DiagnosticCodes.BackupFailed, () => Create("a.txt", "2"));
    }

    [Fact]
    public void Links_to_directories_below_are_not_followed()
    {
        Platform.RequireUnix();
        Create("x/a.txt", "1");
        using TestProject other = new();
        other.Backups.Create(other.Write("b.txt", "2"), BackupRotation.None);
        string directory = _project.Folder[TestProject.BackupDirectory];
        File.CreateSymbolicLink(Path.Combine(directory, "away"), other.Folder[TestProject.BackupDirectory]);
        File.CreateSymbolicLink(Path.Combine(directory, "x", "up"), directory);
        File.CreateSymbolicLink(Path.Combine(directory, "x", "nowhere"), Path.Combine(directory, "gone"));
        Assert.Equal("x/a.txt", Assert.Single(Verify(null)).OriginalPath);
    }

    [Fact]
    public void The_backup_directory_itself_may_be_a_link()
    {
        Platform.RequireUnix();
        Create("x/a.txt", "1");
        string directory = _project.Folder[TestProject.BackupDirectory];
        Directory.Move(directory, _project.Folder["elsewhere"]);
        File.CreateSymbolicLink(directory, _project.Folder["elsewhere"]);
        Assert.Null(Assert.Single(Verify(null)).Problem);
    }

    [Fact]
    public void One_that_expires_meanwhile_is_no_result()
    {
        Create("a.txt", "1");
        Create("b.txt", "1");
        using IEnumerator<BackupCheck> checks = _project.Backups.VerifyAll().GetEnumerator();
        Assert.True(checks.MoveNext());
        Assert.Equal("a.txt", checks.Current.OriginalPath);

        // Another build's rotation removes the one that comes next.
        _project.Backups.Create(_project.Path("b.txt"), new BackupRotation(Keep: 1));
        Assert.False(checks.MoveNext());
    }

    [Fact]
    public void Files_beside_that_no_manifest_lists_do_not_count()
    {
        Create("a.txt", "1");
        _project.Write($"{TestProject.BackupDirectory}/by-hand.bak", "x");
        _project.Write($"{TestProject.BackupDirectory}/other/by-hand.bak", "x");
        Assert.Single(Verify(null));
    }

    private Backup Create(string path, string content, SecretKey? key = null) => Store(key).Create(_project.Write(path, content), BackupRotation.None);

    private BackupCheck[] Verify(SecretKey? key) => [.. Store(key).VerifyAll().Select(check => check with { Path = check.Path.Replace('\\', '/') })];

    private BackupStore Store(SecretKey? key) => new(_project.Path(TestProject.BackupDirectory), _project.Folder.Root, _project.Time, key);
}
