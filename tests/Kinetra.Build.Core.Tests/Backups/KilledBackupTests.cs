using System.Runtime.Versioning;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>What a backup that was killed left is removed by the next one in the folder, and nothing that is listed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KilledBackupTests : IDisposable
{
    private const string Left = TestProject.BackupDirectory + "/.kinetra-0123456789abcdef0123456789abcdef.tmp";

    private readonly TestProject _project = new();

    public KilledBackupTests() => Platform.RequireUnix();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Killed_before_it_was_published_its_temporary_file_goes()
    {
        _project.Write(Left, "half a secret");
        Create("a.txt", "1");
        Assert.Equal(["a.txt.20261123_045501.bak"], Stored());
    }

    [Fact]
    public void Killed_before_it_was_recorded_both_its_names_go()
    {
        _project.Write(Left, "a secret");
        string published = _project.Folder[$"{TestProject.BackupDirectory}/a.txt.20261122_000000.bak"];
        Platform.MakeHardLink(_project.Folder[Left], published);
        Create("a.txt", "1");
        Assert.Equal(["a.txt.20261123_045501.bak"], Stored());
    }

    [Fact]
    public void Killed_after_it_was_recorded_the_backup_stays()
    {
        // Through a second spelling, as this process looks through a directory once a minute.
        Backup backup = Create("a.txt", "1");
        Platform.MakeHardLink(_project.Folder[backup.Path], _project.Folder[Left]);
        BackupStore again = new(new FilePath(_project.Folder[TestProject.BackupDirectory] + "/.", TestProject.BackupDirectory), _project.Folder.Root, _project.Time);
        again.Create(_project.Write("a.txt", "2"), BackupRotation.None);
        Assert.Equal(["a.txt.20261123_045501-002.bak", "a.txt.20261123_045501.bak"], Stored());
        Assert.Equal("1", _project.Folder.Read(backup.Path));
        Assert.All(_project.Backups.VerifyAll(), check => Assert.Null(check.Problem));
    }

    [Fact]
    public void A_backup_copied_by_hand_is_not_taken_for_one()
    {
        _project.Write($"{TestProject.BackupDirectory}/a.txt.20200101_000000.bak", "by hand");
        _project.Write(Left, "half");
        Create("a.txt", "1");
        Assert.Equal(["a.txt.20200101_000000.bak", "a.txt.20261123_045501.bak"], Stored());
    }

    [Fact]
    public void An_expired_one_that_cannot_be_removed_is_told_and_does_not_stop_the_backups_that_follow()
    {
        Backup first = Create("a.txt", "1");
        File.Delete(_project.Folder[first.Path]);
        Directory.CreateDirectory(_project.Folder[first.Path]);
        Assert.Equal(DiagnosticCodes.ExpiredNotRemoved, Create("a.txt", "2", new BackupRotation(Keep: 1)).Problem?.Code);
        Backup third = Create("a.txt", "3");
        Assert.Equal(DiagnosticCodes.ExpiredNotRemoved, third.Problem?.Code);
        Assert.Equal("3", _project.Folder.Read(third.Path));
        Directory.Delete(_project.Folder[first.Path]);
        Assert.Null(Create("a.txt", "4").Problem);
    }

    private Backup Create(string path, string content, BackupRotation? rotation = null) =>
        _project.Backups.Create(_project.Write(path, content), rotation ?? BackupRotation.None);

    private string[] Stored() =>
        [.. _project.Folder.Files().Where(file => file.StartsWith(TestProject.BackupDirectory, StringComparison.Ordinal)).Select(file => Path.GetFileName(file)).Where(file => file.EndsWith(".bak", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal))];
}
