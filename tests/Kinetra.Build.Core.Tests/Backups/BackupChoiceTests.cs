using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupChoiceTests : IDisposable
{
    private readonly TestProject _project = new();

    // One backup an hour from 04:55:01.7 on, with the contents 0, 1, 2.
    public BackupChoiceTests()
    {
        _project.Time.Advance(TimeSpan.FromMilliseconds(700));
        for (int i = 0; i < 3; i++)
        {
            _project.Backups.Create(_project.Write("a.txt", $"{i}"), BackupRotation.None);
            _project.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("20261123_045501", "0")]
    [InlineData("20261123_055500", "0")]
    [InlineData("20261123_055501", "1")]
    [InlineData(" 20271231_235959 ", "2")]
    [InlineData("2026-11-23T04:55:01Z", "0")]
    [InlineData("2026-11-23T04:55", "0")]
    [InlineData("2026-11-23", "2")]
    [InlineData("2026-11-23T04:55:01.7Z", "0")]
    [InlineData("2026-11-23T05:55:02", "1")]
    [InlineData("2026-11-23T06:55:02+01:00", "1")]
    [InlineData("2026-11-23T00:55:02-05:00", "1")]
    [InlineData("2026-11-23T06:56", "2")]
    [InlineData("2026-11-23 06:56Z", "2")]
    [InlineData("2026-11-24", "2")]
    public void The_newest_not_later_than_a_time_is_chosen(string time, string content) =>
        Assert.Equal(content, Chosen(BackupChoice.NotLaterThan("At", time)));

    [Theory]
    [InlineData("20261123_045500")]
    [InlineData("2026-11-23T04:55:00Z")]
    [InlineData("2026-11-23T04:55:01.6Z")]
    [InlineData("2026-11-23T05:55:00+01:00")]
    [InlineData("2026-11-23T04:54Z")]
    [InlineData("2026-11-22")]
    public void Before_the_first_there_is_none(string time) =>
        _project.Fails(DiagnosticCodes.NoBackup, () => Chosen(BackupChoice.NotLaterThan("At", time)));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("23.11.2026")]
    [InlineData("11/23/2026")]
    [InlineData("20261123")]
    [InlineData("20261323_045501")]
    [InlineData("2026-11-23T25:00:00Z")]
    [InlineData("2026-11-23T04:55:01Zx")]
    public void What_is_no_time_is_an_error_that_names_parameter_and_value(string time)
    {
        KinetraException error = _project.Fails(DiagnosticCodes.InvalidValue, () => BackupChoice.NotLaterThan("At", time));
        Assert.Contains("At", error.Message);
        Assert.Contains($"\"{time}\"", error.Message);
    }

    [Fact]
    public void A_backup_can_be_named() =>
        Assert.Equal("1", Chosen(BackupChoice.Exactly(_project.Path("data/backups/workflow/a.txt.20261123_055501.bak"))));

    [Theory]
    [InlineData("a.txt")]
    [InlineData("data/backups/workflow/b.txt.20261123_075501.bak")]
    [InlineData("data/backups/workflow/a.txt.20200101_000000.bak")]
    [InlineData("data/backups/workflow/missing.bak")]
    public void A_file_that_is_no_recorded_backup_of_the_file_is_refused(string path)
    {
        _project.Backups.Create(_project.Write("b.txt", "b"), BackupRotation.None);
        _project.Write("data/backups/workflow/a.txt.20200101_000000.bak", "planted");
        _project.Fails(DiagnosticCodes.ForeignBackup, () => Chosen(BackupChoice.Exactly(_project.Path(path))));
        Assert.Equal("2", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void The_root_is_no_backup() =>
        _project.Fails(DiagnosticCodes.ForeignBackup, () => Chosen(BackupChoice.Exactly(_project.Path("/"))));

    [Fact]
    public void A_backup_in_another_backup_directory_can_be_named()
    {
        BackupStore other = new(_project.Path("elsewhere"), _project.Folder.Root, _project.Time);
        Backup backup = other.Create(_project.Write("x/a.txt", "other"), BackupRotation.None);
        (FilePath content, _) = _project.Backups.Find(_project.Path("x/a.txt"), BackupChoice.Exactly(_project.Path(backup.Path)))[0];
        Assert.Equal("other", File.ReadAllText(content.Full));
        _project.Fails(DiagnosticCodes.ForeignBackup, () => _project.Backups.Find(_project.Path("y/a.txt"), BackupChoice.Exactly(_project.Path(backup.Path))));
    }

    [Fact]
    public void The_newest_with_a_content_is_chosen()
    {
        Assert.Equal("1", Chosen(BackupChoice.WithContent(new ChecksumRecord(TestProject.Sha256("1"), null))));
        Assert.Equal("2", Chosen(BackupChoice.WithContent(new ChecksumRecord(TestProject.Sha256("1"), TestProject.Sha256("2")))));
    }

    private string Chosen(BackupChoice choice)
    {
        IReadOnlyList<(FilePath Content, BackupRecord Record)> found = _project.Backups.Find(_project.Path("a.txt"), choice);
        return found.Count == 0 ? throw _project.Backups.Nothing(_project.Path("a.txt"), choice) : File.ReadAllText(found[0].Content.Full);
    }
}
