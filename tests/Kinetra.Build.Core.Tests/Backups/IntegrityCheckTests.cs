using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class IntegrityCheckTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void The_first_verification_records_and_says_so()
    {
        _project.Write("a.txt", "1");
        Assert.Equal(new IntegrityResult(IsValid: true, Recorded: true), Verify());
        Assert.Equal(new IntegrityResult(IsValid: true), Verify());
    }

    [Fact]
    public void Without_a_baseline_it_can_be_made_to_fail()
    {
        _project.Write("a.txt", "1");
        IntegrityResult result = Verify(missing: MissingBaseline.Fail);
        Assert.False(result.IsValid);
        Assert.Equal(DiagnosticCodes.NoBaseline, result.Problem!.Code);
        Assert.Null(_project.Checksums.Find(_project.Path("a.txt")));
    }

    [Theory]
    [InlineData(Mismatch.Fail)]
    [InlineData(Mismatch.Warn)]
    public void A_changed_file_is_found_each_time_and_never_becomes_the_baseline(Mismatch mismatch)
    {
        _project.Protect("a.txt", "1");
        _project.Write("a.txt", "tampered");
        for (int i = 0; i < 3; i++)
        {
            IntegrityResult result = Verify(mismatch: mismatch);
            Assert.False(result.IsValid);
            Assert.Equal(DiagnosticCodes.ChecksumMismatch, result.Problem!.Code);
            Assert.Contains("a.txt", result.Problem.Message);
        }

        Assert.Equal("tampered", _project.Folder.Read("a.txt"));
        Assert.Equal(new ChecksumRecord(TestProject.Sha256("1"), null), _project.Checksums.Find(_project.Path("a.txt")));
    }

    [Theory]
    [InlineData("master.proj", "a.txt", "dotnet build master.proj -t:KinetraAcceptFile -p:KinetraFile=a.txt;")]
    [InlineData("my work.proj", "a b.txt", "dotnet build 'my work.proj' -t:KinetraAcceptFile '-p:KinetraFile=a b.txt';")]
    [InlineData(null, "a.txt", "dotnet build -t:KinetraAcceptFile -p:KinetraFile=a.txt;")]
    public void The_remedy_of_a_change_is_a_command_to_copy(string? projectFile, string file, string command)
    {
        ChecksumStore checksums = new(_project.Path(TestProject.State), _project.Folder.Root, projectFile: projectFile);
        _project.Protect(file, "1");
        _project.Write(file, "changed");
        string message = new IntegrityCheck(checksums, _project.Files).Verify(_project.Path(file), null, MissingBaseline.Fail, Mismatch.Fail).Problem!.Message;
        Assert.Contains(OperatingSystem.IsWindows() ? command.Replace('\'', '"') : command, message);
    }

    [Fact]
    public void A_change_of_one_bit_is_found()
    {
        _project.Protect("a.txt", "a");
        _project.Write("a.txt", "c");
        Assert.False(Verify().IsValid);
    }

    [Fact]
    public void A_missing_file_is_an_error_with_or_without_a_record()
    {
        _project.Fails(DiagnosticCodes.FileMissing, () => Verify());
        _project.Protect("a.txt", "1");
        File.Delete(_project.Folder["a.txt"]);
        _project.Fails(DiagnosticCodes.FileMissing, () => Verify());
        _project.Fails(DiagnosticCodes.FileMissing, () => Verify(mismatch: Mismatch.Warn));
    }

    [Fact]
    public void A_directory_is_an_error()
    {
        Directory.CreateDirectory(_project.Folder["a.txt"]);
        _project.Fails(DiagnosticCodes.UnusablePath, () => Verify());
    }

    [Fact]
    public void A_damaged_record_is_an_error_and_stays()
    {
        _project.Write("a.txt", "1");
        _project.Write(".workflow_state/a.txt.checksum", "?");
        _project.Fails(DiagnosticCodes.CorruptChecksum, () => Verify(mismatch: Mismatch.Restore));
        Assert.Equal("?", _project.Folder.Read(".workflow_state/a.txt.checksum"));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    public void A_crash_during_a_write_is_no_false_alarm_and_hides_no_later_change(string content)
    {
        _project.Write("a.txt", content);
        _project.Write(".workflow_state/a.txt.checksum", TestProject.Sha256("old"));
        _project.Write(".workflow_state/a.txt.checksum.pending", TestProject.Sha256("new") + "\n");
        Assert.Equal(new IntegrityResult(IsValid: true), Verify());
        _project.Write("a.txt", content == "old" ? "new" : "old");
        Assert.False(Verify().IsValid);
    }

    [Fact]
    public void The_backup_that_matches_the_record_is_restored_not_the_newest_one()
    {
        _project.Protect("a.txt", "good");
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        _project.Write("a.txt", "bad");
        _project.Time.Advance(TimeSpan.FromHours(1));
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);

        IntegrityResult result = Verify(mismatch: Mismatch.Restore);
        Assert.True(result.IsValid);
        Assert.Equal(DiagnosticCodes.RestoredFromBackup, result.Problem!.Code);
        Assert.Equal("data/backups/workflow/a.txt.20261123_045501.bak", result.Restored!.Path);
        Assert.Equal("good", _project.Folder.Read("a.txt"));
        Assert.Equal(new IntegrityResult(IsValid: true), Verify(mismatch: Mismatch.Restore));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_file_is_backed_up_with_a_warning_and_is_not_what_is_restored(bool encrypted)
    {
        BackupStore backups = new(_project.Path(TestProject.BackupDirectory), _project.Folder.Root, _project.Time, encrypted ? TestProject.NewKey() : null);
        IntegrityCheck check = new(_project.Checksums, new ProtectedFiles(_project.Checksums, backups, BackupRotation.None));
        FilePath file = _project.Path("a.txt");
        _project.Protect("a.txt", "good");
        Assert.Null(check.BackUp(file).Problem);
        _project.Write("a.txt", "tampered");

        (Backup backup, KinetraException? problem) = check.BackUp(file);
        Assert.Equal(TestProject.Sha256("tampered"), backup.Sha256);
        Assert.Equal(DiagnosticCodes.BackedUpMismatch, problem?.Code);
        Assert.Contains($"to {backup.Path}", problem!.Message);
        Assert.Contains("-t:KinetraAcceptFile -p:KinetraFile=a.txt", problem.Message);

        Assert.Contains("20261123_045501.bak", check.Verify(file, null, MissingBaseline.Fail, Mismatch.Restore).Restored!.Path);
        Assert.Equal("good", _project.Folder.Read("a.txt"));
        Assert.Null(check.BackUp(file).Problem);
    }

    [Fact]
    public void A_file_without_a_record_or_in_the_middle_of_a_write_is_backed_up_without_a_warning()
    {
        FilePath file = _project.Write("a.txt", "1");
        Assert.Null(_project.Integrity.BackUp(file).Problem);
        _project.Write(".workflow_state/a.txt.checksum", TestProject.Sha256("0"));
        _project.Write(".workflow_state/a.txt.checksum.pending", TestProject.Sha256("1") + "\n");
        Assert.Null(_project.Integrity.BackUp(file).Problem);
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_no_reason_to_make_no_backup_but_is_told()
    {
        FilePath file = _project.Write("a.txt", "1");
        _project.Write(".workflow_state/a.txt.checksum", "?");
        (Backup backup, KinetraException? problem) = _project.Integrity.BackUp(file);
        Assert.Equal("1", _project.Folder.Read(backup.Path));
        Assert.Equal(DiagnosticCodes.CorruptChecksum, problem?.Code);
    }

    [Fact]
    public void A_file_that_a_workflow_writes_just_before_it_is_copied_is_no_mismatch()
    {
        // The store looks at its clock when it begins to wait for its lock.
        ClockWithAnEvent time = new(() => _project.Files.Write(_project.Path("a.txt"), FileContent.Text("2", "utf-8"), new WriteOptions(Backup: false, Checksum: true)));
        BackupStore backups = new(_project.Path(TestProject.BackupDirectory), _project.Folder.Root, time);
        IntegrityCheck check = new(_project.Checksums, new ProtectedFiles(_project.Checksums, backups, BackupRotation.None));
        _project.Protect("a.txt", "1");
        (Backup backup, KinetraException? problem) = check.BackUp(_project.Path("a.txt"));
        Assert.Equal(TestProject.Sha256("2"), backup.Sha256);
        Assert.Null(problem);
    }

    [Fact]
    public void What_a_restore_replaces_is_backed_up()
    {
        _project.Protect("a.txt", "good");
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        _project.Write("a.txt", "bad");
        Verify(mismatch: Mismatch.Restore);
        Assert.Contains(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal) && _project.Folder.Read(file) == "bad");
    }

    [Fact]
    public void The_report_names_the_backup_of_what_a_restore_replaced()
    {
        _project.Protect("a.txt", "good");
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        _project.Write("a.txt", "bad");
        KinetraException problem = Verify(mismatch: Mismatch.Restore).Problem!;
        Assert.Contains("data/backups/workflow/a.txt.20261123_045501-002.bak", problem.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_good_file_that_may_have_to_be_restored_is_backed_up_once(bool encrypted)
    {
        BackupStore backups = new(_project.Path(TestProject.BackupDirectory), _project.Folder.Root, _project.Time, encrypted ? TestProject.NewKey() : null);
        ProtectedFiles files = new(_project.Checksums, backups, BackupRotation.None);
        IntegrityCheck check = new(_project.Checksums, files);
        FilePath file = _project.Path("a.txt");
        files.Write(file, FileContent.Text("written once", "utf-8"), new WriteOptions(Backup: true, Checksum: true));

        Assert.NotNull(check.Verify(file, null, MissingBaseline.Fail, Mismatch.Restore).BackedUp);
        Assert.Null(check.Verify(file, null, MissingBaseline.Fail, Mismatch.Restore).BackedUp);
        Assert.Null(check.Verify(file, null, MissingBaseline.Fail, Mismatch.Fail).BackedUp);

        _project.Write("a.txt", "tampered");
        Assert.Equal(DiagnosticCodes.RestoredFromBackup, check.Verify(file, null, MissingBaseline.Fail, Mismatch.Restore).Problem?.Code);
        Assert.Equal("written once", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_good_file_is_not_backed_up_where_backups_are_off()
    {
        _project.Write("a.txt", "1");
        IntegrityCheck check = new(_project.Checksums, _project.Files, backsUp: false);
        Assert.Equal(new IntegrityResult(IsValid: true, Recorded: true), check.Verify(_project.Path("a.txt"), null, MissingBaseline.Record, Mismatch.Restore));
        Assert.Equal(new IntegrityResult(IsValid: true), check.Verify(_project.Path("a.txt"), null, MissingBaseline.Record, Mismatch.Restore));
    }

    [Fact]
    public void A_deleted_file_is_restored()
    {
        _project.Protect("a.txt", "good");
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        File.Delete(_project.Folder["a.txt"]);
        Assert.Equal(DiagnosticCodes.RestoredFromBackup, Verify(mismatch: Mismatch.Restore).Problem!.Code);
        Assert.Equal("good", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void Without_a_backup_of_the_recorded_content_nothing_is_restored()
    {
        _project.Protect("a.txt", "good");
        _project.Write("a.txt", "bad");
        _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        _project.Fails(DiagnosticCodes.NoBackup, () => Verify(mismatch: Mismatch.Restore));
        Assert.Equal("bad", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void A_damaged_backup_is_not_restored()
    {
        _project.Protect("a.txt", "good");
        Backup backup = _project.Backups.Create(_project.Path("a.txt"), BackupRotation.None);
        _project.Write(backup.Path, "goo");
        _project.Write("a.txt", "bad");
        _project.Fails(DiagnosticCodes.CorruptBackup, () => Verify(mismatch: Mismatch.Restore));
        Assert.Equal("bad", _project.Folder.Read("a.txt"));
    }

    [Fact]
    public void An_expected_digest_counts_instead_of_the_record()
    {
        _project.Write("a.txt", "1");
        Assert.True(Verify(expected: TestProject.Sha256("1").ToUpperInvariant()).IsValid);
        IntegrityResult wrong = Verify(expected: TestProject.Sha256("2"));
        Assert.False(wrong.IsValid);
        Assert.Equal(DiagnosticCodes.ChecksumMismatch, wrong.Problem!.Code);
        Assert.Null(_project.Checksums.Find(_project.Path("a.txt")));
    }

    private IntegrityResult Verify(string? expected = null, MissingBaseline missing = MissingBaseline.Record, Mismatch mismatch = Mismatch.Fail) =>
        _project.Integrity.Verify(_project.Path("a.txt"), expected, missing, mismatch);

    private sealed class ClockWithAnEvent(Action action) : TimeProvider
    {
        private bool _happened;

        public override long GetTimestamp()
        {
            if (!_happened)
            {
                _happened = true;
                action();
            }

            return base.GetTimestamp();
        }
    }
}
