using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupPruneTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void The_expired_ones_of_each_file_go_and_the_newest_stays()
    {
        Make("a.txt", 4);
        Make("sub/b.txt", 3);
        Assert.Equal(7, _project.Backups.List().Count());

        string before = string.Join('\n', _project.Folder.Files());
        Assert.Equal(3, _project.Backups.Prune(new BackupRotation(Keep: 1), isTrial: true).Count(backup => backup.OriginalPath == "a.txt"));
        Assert.Equal(before, string.Join('\n', _project.Folder.Files()));

        IReadOnlyList<BackupListing> removed = _project.Backups.Prune(new BackupRotation(Keep: 1), isTrial: false);
        Assert.Equal(5, removed.Count);
        Assert.All(removed, backup => Assert.Null(backup.Problem));
        Assert.Equal(["a.txt", "sub/b.txt"], _project.Backups.List().Select(backup => backup.OriginalPath));
        Assert.Equal(2, _project.Folder.Files().Count(file => file.EndsWith(".bak", StringComparison.Ordinal)));
        Assert.All(_project.Backups.VerifyAll(), check => Assert.Null(check.Problem));
        Assert.Empty(_project.Backups.Prune(new BackupRotation(Keep: 1), isTrial: false));

        // Backups go on behind the last number.
        Make("a.txt", 1);
        Assert.Equal(2, _project.Backups.List().Count(backup => backup.OriginalPath == "a.txt"));
    }

    [Fact]
    public void Those_that_are_too_old_go()
    {
        Make("a.txt", 3);
        _project.Time.Advance(TimeSpan.FromDays(2));
        Make("a.txt", 1);
        Assert.Equal(3, _project.Backups.Prune(new BackupRotation(MaxAge: TimeSpan.FromDays(1)), isTrial: false).Count);
        Assert.Single(_project.Backups.List());
    }

    [Fact]
    public void A_manifest_that_cannot_be_read_is_told_and_the_others_are_pruned()
    {
        Make("a/x.txt", 2);
        Make("b/x.txt", 2);
        File.WriteAllText(_project.Folder[$"{TestProject.BackupDirectory}/a/manifest.journal"], "damaged");

        IReadOnlyList<BackupListing> removed = _project.Backups.Prune(new BackupRotation(Keep: 1), isTrial: false);
        Assert.Equal([DiagnosticCodes.CorruptManifest, null], removed.Select(backup => backup.Problem?.Code));
        Assert.Equal(2, _project.Folder.Files().Count(file => file.Contains("/a/", StringComparison.Ordinal) && file.EndsWith(".bak", StringComparison.Ordinal)));
        Assert.Equal([DiagnosticCodes.CorruptManifest, null], _project.Backups.List().Select(backup => backup.Problem?.Code));
    }

    private void Make(string file, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _project.Time.Advance(TimeSpan.FromSeconds(1));
            _project.Backups.Create(_project.Write(file, $"{file} {_project.Time.GetUtcNow():O}"), BackupRotation.None);
        }
    }
}
