using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupRotationTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(1, "5")]
    [InlineData(2, "4 5")]
    [InlineData(5, "1 2 3 4 5")]
    [InlineData(99, "1 2 3 4 5")]
    public void The_newest_are_kept(int keep, string kept)
    {
        for (int i = 1; i <= 5; i++)
        {
            Create("a.txt", $"{i}", new BackupRotation(Keep: keep));
        }

        Assert.Equal(kept, Contents("a.txt"));
    }

    [Fact]
    public void Without_limits_everything_is_kept()
    {
        for (int i = 1; i <= 5; i++)
        {
            Create("a.txt", $"{i}", BackupRotation.None);
            _project.Time.Advance(TimeSpan.FromDays(3650));
        }

        Assert.Equal("1 2 3 4 5", Contents("a.txt"));
    }

    [Fact]
    public void Those_older_than_the_limit_go()
    {
        BackupRotation rotation = new(MaxAge: TimeSpan.FromDays(2));
        for (int i = 1; i <= 5; i++)
        {
            Create("a.txt", $"{i}", rotation);
            _project.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal("3 4 5", Contents("a.txt"));
    }

    [Fact]
    public void The_newest_is_kept_at_any_age()
    {
        // The clock goes on by a day whenever it is read: each backup is too old as soon as it is made.
        _project.Time.AutoAdvanceAmount = TimeSpan.FromDays(1);
        Create("a.txt", "1", new BackupRotation(Keep: 1, MaxAge: TimeSpan.FromHours(1)));
        Assert.Equal("1", Contents("a.txt"));
        Create("a.txt", "2", new BackupRotation(Keep: 1, MaxAge: TimeSpan.FromHours(1)));
        Assert.Equal("2", Contents("a.txt"));
    }

    [Fact]
    public void The_newest_is_the_last_one_made_though_the_clock_was_set_back()
    {
        Create("a.txt", "1", BackupRotation.None);
        _project.Time.AdjustTime(_project.Time.GetUtcNow().AddDays(-30));
        Create("a.txt", "2", new BackupRotation(Keep: 1, MaxAge: TimeSpan.FromDays(1)));
        Assert.Equal("2", Contents("a.txt"));
    }

    [Fact]
    public void Other_files_backups_are_left_alone()
    {
        foreach (string name in new[] { "x", "x.old", "x.bak", "xx", "x/x", "*" })
        {
            Create(name == "x/x" ? "d/x" : name, "1", BackupRotation.None);
        }

        Create("x", "2", new BackupRotation(Keep: 1));
        Create("*", "2", new BackupRotation(Keep: 1));
        Assert.Equal("2", Contents("x"));
        Assert.Equal("2", Contents("*"));
        Assert.All(new[] { "x.old", "x.bak", "xx", "d/x" }, name => Assert.Equal("1", Contents(name)));
    }

    [Fact]
    public void Files_that_no_manifest_lists_are_left_alone()
    {
        _project.Write("data/backups/workflow/a.txt.20200101_000000.bak", "made by hand");
        Create("a.txt", "1", BackupRotation.None);
        Create("a.txt", "2", new BackupRotation(Keep: 1));
        Assert.Equal("made by hand", _project.Folder.Read("data/backups/workflow/a.txt.20200101_000000.bak"));
    }

    [Fact]
    public void One_that_was_deleted_by_hand_does_not_stop_it()
    {
        Backup first = Create("a.txt", "1", BackupRotation.None);
        File.Delete(_project.Folder[first.Path]);
        Create("a.txt", "2", new BackupRotation(Keep: 1));
        Assert.Single(BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records);
    }

    [Fact]
    public void A_name_is_not_used_again_while_it_is_listed()
    {
        FilePath file = _project.Write("a.txt", "1");
        Backup first = _project.Backups.Create(file, BackupRotation.None);
        File.Delete(_project.Folder[first.Path]);
        _project.Write("a.txt", "2");
        Backup second = _project.Backups.Create(file, new BackupRotation(Keep: 1));
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal("2", _project.Folder.Read(second.Path));
    }

    [Fact]
    public void Sequence_numbers_are_not_used_again()
    {
        Create("a.txt", "1", BackupRotation.None);
        Create("a.txt", "2", new BackupRotation(Keep: 1));
        Create("a.txt", "3", new BackupRotation(Keep: 1));
        Assert.Equal(3, Assert.Single(BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records).Sequence);
    }

    private Backup Create(string path, string content, BackupRotation rotation) => _project.Backups.Create(_project.Write(path, content), rotation);

    // The contents of a file's recorded backups, oldest first; those not recorded any more must be gone.
    private string Contents(string path)
    {
        FilePath folder = _project.Path(TestProject.BackupDirectory).Combine(Path.GetDirectoryName(path)!);
        BackupRecord[] records = [.. BackupManifest.Read(folder).Records.Where(record => record.File == path)];
        Assert.Equal(
            BackupManifest.Read(folder).Records.Select(record => record.Backup).Order(),
            Directory.GetFiles(folder.Full, "*.bak").Select(Path.GetFileName).Order());
        return string.Join(' ', records.Select(record => File.ReadAllText(folder.Combine(record.Backup).Full)));
    }
}
