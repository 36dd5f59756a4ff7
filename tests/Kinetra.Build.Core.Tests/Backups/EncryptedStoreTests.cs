using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>Encrypted backups as a project makes and restores them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EncryptedStoreTests : IDisposable
{
    private const string Secret = "DB_PASSWORD=correct horse battery staple\n";
    private static readonly SecretKey Key = EncryptedBackup.Key;
    private static readonly WriteOptions Options = new(Backup: true, Checksum: true);

    private readonly TestProject _project = new();

    public static TheoryData<int> Sizes =>
    [
        0, 1, BackupCipher.ChunkSize - 1, BackupCipher.ChunkSize, BackupCipher.ChunkSize + 1,
        BackgroundHash.PieceSize - 1, BackgroundHash.PieceSize, BackgroundHash.PieceSize + 1, (3 * 1024 * 1024) + 17, TemporaryFile.PieceSize + 1,
    ];

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_backup_tells_the_digest_of_the_content_and_records_that_of_its_bytes()
    {
        Backup backup = BackUp("a.txt", Secret);
        Assert.Equal(TestProject.Sha256(Secret), backup.Sha256);
        BackupRecord record = Assert.Single(Records());
        Assert.True(record.Encrypted);
        byte[] stored = File.ReadAllBytes(_project.Folder[backup.Path]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stored)), record.Sha256);
        Assert.Equal(stored.Length, record.Size);
        Assert.Empty(_project.TemporaryFiles());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Any_size_comes_back_byte_for_byte_encrypted_and_plain(int size)
    {
        byte[] content = EncryptedBackup.Random(size);
        foreach (SecretKey? key in new[] { Key, null })
        {
            File.WriteAllBytes(_project.Folder["a.bin"], content);
            Backup backup = Store(key).Create(_project.Path("a.bin"), BackupRotation.None);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), backup.Sha256);
            File.WriteAllText(_project.Folder["a.bin"], "changed");
            Files(key).Restore(_project.Path("a.bin"), BackupChoice.Newest, Options);
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(_project.Folder["a.bin"])));
            Assert.True(_project.Checksums.Verify(_project.Path("a.bin"), backup.Sha256));
        }

        Assert.Empty(_project.TemporaryFiles());
    }

    [Fact]
    public void Neither_the_content_nor_its_digest_is_anywhere_below_the_backup_directory()
    {
        // Also what a write backs up, and what a restore replaces; long, so that it is in several chunks and pieces.
        string content = string.Concat(Enumerable.Repeat(Secret, 40_000));
        ProtectedFiles files = Files(Key);
        BackUp(".env", content);
        files.Write(_project.Path(".env"), FileContent.Text("TOKEN=another-long-secret", "utf-8"), Options);
        files.Restore(_project.Path(".env"), BackupChoice.Newest, Options);
        Assert.Equal(content, _project.Folder.Read(".env"));
        string[] stored = [.. _project.Folder.Files().Where(file => file.StartsWith(TestProject.BackupDirectory, StringComparison.Ordinal))];
        Assert.Equal(3, stored.Count(file => file.EndsWith(".bak", StringComparison.Ordinal)));
        foreach (string file in stored)
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(_project.Folder[file]));
            Assert.DoesNotContain("correct horse", text);
            Assert.DoesNotContain("TOKEN=another-long-secret", text);
            Assert.DoesNotContain(TestProject.Sha256(content), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(TestProject.Sha256("TOKEN=another-long-secret"), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Encoding.Latin1.GetString(SHA256.HashData(Encoding.UTF8.GetBytes(content))), text);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(200)]
    public void A_copy_that_does_not_decrypt_when_it_is_read_back_is_an_error_of_the_disk_and_names_no_temporary_file(int damagedByte)
    {
        FilePath file = _project.Write("a.txt", Secret);
        using SafeFileHandle from = NativeFile.OpenRead(file.Full);
        using TemporaryFile copy = TemporaryFile.Create(_project.Folder.Root, UnixMode.Private);
        byte[] backup = EncryptedBackup.Encrypt([.. Enumerable.Repeat((byte)'x', 200)], Key);
        backup[damagedByte] ^= 1;
        copy.Append(backup);
        TemporaryFileException error = Assert.Throws<TemporaryFileException>(() =>
            BackupWriter.ReadBack(from, NativeFile.Status(from), file, TestProject.Sha256(Secret), EncryptedBackup.File, EncryptedBackup.Sequence, Key, copy));
        Assert.Contains("reads back differently", error.Message);
        Assert.DoesNotContain(".tmp", error.ToString());
    }

    [Fact]
    public void Equal_contents_do_not_show()
    {
        byte[][] backups = [.. Enumerable.Range(0, 2).Select(_ => File.ReadAllBytes(_project.Folder[BackUp("a.txt", Secret).Path]))];
        Assert.NotEqual(backups[0][104..], backups[1][104..]);
    }

    [Fact]
    public void One_can_be_restored_by_time_and_by_path()
    {
        Backup first = BackUp("a.txt", "1");
        _project.Time.Advance(TimeSpan.FromMinutes(1));
        BackUp("a.txt", "2");
        _project.Time.Advance(TimeSpan.FromMinutes(1));
        BackUp("a.txt", "3");
        ProtectedFiles files = Files(Key);
        Assert.Equal("3", Restored(files, BackupChoice.Newest));
        Assert.Equal("2", Restored(files, BackupChoice.NotLaterThan("At", "20261123_045601")));
        Assert.Equal("1", Restored(files, BackupChoice.Exactly(_project.Path(first.Path))));
    }

    [Fact]
    public void The_mode_comes_back_too()
    {
        Platform.RequireUnix();
        _project.Write("run.sh", "1");
        File.SetUnixFileMode(_project.Folder["run.sh"], UnixMode.Parse("mode", "0750"));
        Store(Key).Create(_project.Path("run.sh"), BackupRotation.None);
        File.Delete(_project.Folder["run.sh"]);
        Files(Key).Restore(_project.Path("run.sh"), BackupChoice.Newest, Options);
        Assert.Equal("0750", UnixMode.Format(File.GetUnixFileMode(_project.Folder["run.sh"])));
    }

    [Fact]
    public void A_passphrase_does_as_well_and_another_builds_salt_does_not_matter()
    {
        SecretKey first = EncryptedBackup.Parse("passphrase:correct horse battery");
        BackUp("a.txt", "1", first);
        BackUp("a.txt", "2", first);
        _project.Write("a.txt", "now");
        SecretKey later = EncryptedBackup.Parse("passphrase:correct horse battery\n");
        Assert.Equal("2", Restored(Files(later), BackupChoice.Newest));
        _project.Write("a.txt", "now");
        Refused(DiagnosticCodes.WrongKey, EncryptedBackup.Parse("passphrase:correct horse batterx"), BackupChoice.Newest);
    }

    [Fact]
    public void Plain_and_encrypted_ones_live_in_one_folder()
    {
        BackUp("a.txt", "1", null);
        Backup encrypted = BackUp("a.txt", "2");
        Backup plain = BackUp("a.txt", "3", null);
        Assert.Equal([false, true, false], Records().Select(record => record.Encrypted));
        Assert.Equal("3", Restored(Files(null), BackupChoice.Newest));
        Assert.Equal("2", Restored(Files(Key), BackupChoice.Exactly(_project.Path(encrypted.Path))));
        Assert.Equal("3", Restored(Files(Key), BackupChoice.Exactly(_project.Path(plain.Path))));
        Assert.Equal("2", Restored(Files(Key), BackupChoice.WithContent(Record("2"))));
        Assert.Equal("1", Restored(Files(Key), BackupChoice.WithContent(Record("1"))));
    }

    [Fact]
    public void Without_the_key_or_with_another_one_the_file_is_untouched()
    {
        BackUp("a.txt", "1");
        _project.Write("a.txt", "now");
        KinetraException error = Refused(DiagnosticCodes.KeyNeeded, null, BackupChoice.Newest);
        string remedy = "-p:KinetraBackupKeyVariable=KINETRA_BACKUP_KEY";
        Assert.Contains(remedy, error.Message);
        Assert.Contains(remedy, File.ReadAllText(Repository.PathTo("docs", "diagnostics", "KIN3008.md")));
        Assert.EndsWith("Nothing was restored.", Refused(DiagnosticCodes.WrongKey, EncryptedBackup.OtherKey, BackupChoice.Newest).Message);
        Refused(DiagnosticCodes.WrongKey, EncryptedBackup.OtherKey, BackupChoice.WithContent(Record("1")));
        Refused(DiagnosticCodes.KeyNeeded, null, BackupChoice.WithContent(Record("1")));
    }

    [Fact]
    public void A_missing_file_stays_missing_when_it_cannot_be_decrypted()
    {
        BackUp("x/a.txt", "1");
        Directory.Delete(_project.Folder["x"], recursive: true);
        _project.Fails(DiagnosticCodes.WrongKey, () => Files(EncryptedBackup.OtherKey).Restore(_project.Path("x/a.txt"), BackupChoice.Newest, Options));
        Assert.False(File.Exists(_project.Folder["x/a.txt"]));
    }

    [Fact]
    public void The_one_with_the_recorded_content_is_found_among_many()
    {
        foreach (string content in new[] { "1", "2", "good", "3", "4" })
        {
            BackUp("a.txt", content);
        }

        _project.Checksums.Record(_project.Path("a.txt"), TestProject.Sha256("good"));
        _project.Write("a.txt", "tampered");
        IntegrityResult result = Integrity(Key).Verify(_project.Path("a.txt"), null, MissingBaseline.Fail, Mismatch.Restore);
        Assert.True(result.IsValid);
        Assert.Equal(DiagnosticCodes.RestoredFromBackup, result.Problem?.Code);
        Assert.Equal("good", _project.Folder.Read("a.txt"));
        Assert.Contains("-003.bak", result.Restored!.Path);
    }

    [Fact]
    public void Damaged_gone_and_foreign_ones_give_way_to_an_older_one_with_the_recorded_content()
    {
        BackUp("a.txt", "good");
        Backup otherKey = BackUp("a.txt", "good", EncryptedBackup.OtherKey);
        Backup damaged = BackUp("a.txt", "good");
        Backup gone = BackUp("a.txt", "good");
        Backup plain = BackUp("a.txt", "good", null);
        Flip(damaged, 120);
        File.Delete(_project.Folder[gone.Path]);
        Flip(plain, 0);
        Assert.NotNull(otherKey);
        Assert.Equal("good", Restored(Files(Key), BackupChoice.WithContent(Record("good"))));
    }

    [Fact]
    public void If_none_has_the_recorded_content_the_first_damage_is_the_error_or_that_there_is_none()
    {
        BackUp("a.txt", "1");
        _project.Write("a.txt", "now");
        Refused(DiagnosticCodes.NoBackup, Key, BackupChoice.WithContent(Record("good")));
        Flip(BackUp("a.txt", "good"), 120);
        _project.Write("a.txt", "now");
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.WithContent(Record("good")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(80)]
    [InlineData(104)]
    [InlineData(104 + 65536 + 16)]
    [InlineData(-1)]
    public void A_flipped_bit_leaves_the_file_as_it_is(int at)
    {
        Backup backup = BackUp("a.txt", new string('x', 100_000));
        _project.Write("a.txt", "now");
        Flip(backup, at);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
    }

    [Fact]
    public void Two_backups_of_one_file_cannot_change_places_even_if_the_manifest_is_made_to_fit()
    {
        (Backup first, Backup second) = (BackUp("a.txt", "1"), BackUp("a.txt", "2"));
        Swap(first, second);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
        Forge(records => [.. records.Select((record, i) => record with { Sha256 = records[1 - i].Sha256, Size = records[1 - i].Size })]);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Exactly(_project.Path(first.Path)));
    }

    [Fact]
    public void Backups_of_two_files_cannot_change_places_even_if_the_manifest_is_made_to_fit()
    {
        (Backup first, Backup second) = (BackUp("a.txt", "1"), BackUp("b.txt", "2"));
        Swap(first, second);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
        Forge(records => [.. records.Select((record, i) => record with { Sha256 = records[1 - i].Sha256, Size = records[1 - i].Size })]);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
    }

    [Fact]
    public void A_plain_file_in_an_encrypted_ones_place_is_refused()
    {
        Backup backup = BackUp("a.txt", "1");
        _project.Write(backup.Path, "planted");
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
        Forge(records => [records[0] with { Sha256 = TestProject.Sha256("planted"), Size = 7 }]);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.Newest);
        Refused(DiagnosticCodes.CorruptBackup, Key, BackupChoice.WithContent(Record("planted")));
    }

    [Fact]
    public void A_file_that_changes_meanwhile_is_backed_up_in_one_of_its_versions_or_not_at_all()
    {
        string[] versions = [new('1', 300_000), new('2', 700_000)];
        string[] digests = [.. versions.Select(TestProject.Sha256)];
        _project.Write("a.txt", versions[0]);
        bool stop = false;
        Thread writer = new(() =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                File.WriteAllText(_project.Folder["next"], versions[i % 2]);
                File.Move(_project.Folder["next"], _project.Folder["a.txt"], overwrite: true);
            }
        });
        writer.Start();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    Assert.Contains(Store(Key).Create(_project.Path("a.txt"), BackupRotation.None).Sha256, digests);
                }
                catch (KinetraException error) when (error.Code == DiagnosticCodes.BackupFailed)
                {
                    Assert.Contains("keeps changing", error.Message);
                }
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            writer.Join();
        }

        Assert.All(Store(Key).VerifyAll(), check => Assert.Null(check.Problem));
    }

    [Fact]
    public void A_full_disk_is_a_failed_backup_that_says_so_and_leaves_nothing()
    {
        Directory.CreateDirectory(_project.Folder[TestProject.BackupDirectory]);
        using IDisposable disk = Platform.SmallDisk(_project.Folder[TestProject.BackupDirectory], 256 * 1024);
        _project.Write("a.txt", new string('x', 1024 * 1024));
        foreach (SecretKey? key in new[] { Key, null })
        {
            KinetraException error = _project.Fails(DiagnosticCodes.BackupFailed, () => Store(key).Create(_project.Path("a.txt"), BackupRotation.None));
            Assert.Contains("ENOSPC", error.Message);
            Assert.Contains("disk has room", error.Message);
            Assert.DoesNotContain("cannot be read", error.Message);
        }

        Assert.DoesNotContain(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal));
    }

    private static ChecksumRecord Record(string content) => new(TestProject.Sha256(content), null);

    private BackupStore Store(SecretKey? key) => new(_project.Path(TestProject.BackupDirectory), _project.Folder.Root, _project.Time, key);

    private ProtectedFiles Files(SecretKey? key) => new(_project.Checksums, Store(key), BackupRotation.None);

    private IntegrityCheck Integrity(SecretKey? key) => new(_project.Checksums, Files(key));

    private Backup BackUp(string path, string content) => BackUp(path, content, Key);

    private Backup BackUp(string path, string content, SecretKey? key) => Store(key).Create(_project.Write(path, content), BackupRotation.None);

    private string Restored(ProtectedFiles files, BackupChoice choice)
    {
        // Without a backup of what is replaced, which would be one more to choose from.
        files.Restore(_project.Path("a.txt"), choice, new WriteOptions(Backup: false, Checksum: false));
        return _project.Folder.Read("a.txt");
    }

    private KinetraException Refused(string code, SecretKey? key, BackupChoice choice)
    {
        string before = _project.Folder.Read("a.txt");
        IReadOnlyList<string> files = _project.Folder.Files();
        KinetraException error = _project.Fails(code, () => Files(key).Restore(_project.Path("a.txt"), choice, Options));
        Assert.Equal(before, _project.Folder.Read("a.txt"));
        Assert.DoesNotContain(_project.Folder.Files(), file => file.EndsWith(".bak", StringComparison.Ordinal) && !files.Contains(file));
        return error;
    }

    private IReadOnlyList<BackupRecord> Records() => BackupManifest.Read(_project.Path(TestProject.BackupDirectory)).Records;

    // As somebody would who can write to the directory, but has no key.
    private void Forge(Func<IReadOnlyList<BackupRecord>, IReadOnlyList<BackupRecord>> change)
    {
        IReadOnlyList<BackupRecord> records = Records();
        File.Delete(_project.Folder[$"{TestProject.BackupDirectory}/{BackupManifest.FileName}"]);
        BackupManifest manifest = BackupManifest.Read(_project.Path(TestProject.BackupDirectory));
        foreach (BackupRecord record in change(records))
        {
            manifest.Change(record, []);
        }
    }

    private void Flip(Backup backup, int at)
    {
        byte[] content = File.ReadAllBytes(_project.Folder[backup.Path]);
        content[at < 0 ? content.Length + at : at] ^= 1;
        File.WriteAllBytes(_project.Folder[backup.Path], content);
    }

    private void Swap(Backup first, Backup second)
    {
        (string one, string two) = (_project.Folder[first.Path], _project.Folder[second.Path]);
        File.Move(one, one + ".swap");
        File.Move(two, one);
        File.Move(one + ".swap", two);
    }
}
