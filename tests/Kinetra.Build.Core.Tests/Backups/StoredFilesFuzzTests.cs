using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>
/// Any bytes in the place of what the stores keep are content or a coded error, and never anything else: no other exception,
/// no change of the file. <c>KINETRA_FUZZ_CASES</c> sets the number of cases, a thousandth of it here, as files are written; <c>CsCheck_Seed</c> repeats a failure.
/// </summary>
public sealed class StoredFilesFuzzTests : IDisposable
{
    // Where the stores keep what is damaged here.
    private const string Record = TestProject.State + "/a.txt.checksum";
    private const string Manifest = TestProject.BackupDirectory + "/" + BackupManifest.FileName;

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Any_bytes_in_a_checksum_record_are_a_record_or_a_coded_error()
    {
        _project.Protect("a.txt", "1");
        byte[] valid = Encoding.UTF8.GetBytes(_project.Folder.Read(Record) + "hmac-sha256 1 " + TestProject.Sha256("2") + "\n");
        FilePath file = _project.Path("a.txt");
        DamagedBytes.Of(valid, DamagedBytes.RecordWords).Sample(
            bytes =>
            {
                File.WriteAllBytes(_project.Folder[Record], bytes);
                File.WriteAllBytes(_project.Folder[Record + ".pending"], [.. bytes, (byte)'\n']);
                Tolerate(() => AssertSound(_project.Checksums.Find(file)!));
                Tolerate(() => _project.Checksums.Verify(file, TestProject.Sha256("other")));
                Tolerate(() => _project.Integrity.Verify(file, null, MissingBaseline.Fail, Mismatch.Fail));
                Assert.Equal("1", _project.Folder.Read("a.txt"));
            },
            iter: PropertyCases.FileFuzz,
            threads: 1,
            print: DamagedBytes.Print);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_bytes_in_a_manifest_are_backups_or_a_coded_error(bool isSealed)
    {
        foreach (string content in new[] { "1", "2", "3" })
        {
            _project.Backups.Create(_project.Write("a.txt", content), BackupRotation.None);
        }

        byte[] valid = Valid(isSealed);
        (string Path, string Content)[] originals = [.. Backups().Select(backup => (backup, _project.Folder.Read(backup)))];
        FilePath file = _project.Path("a.txt");
        BackupChoice[] choices =
        [
            BackupChoice.Newest,
            BackupChoice.NotLaterThan("At", "2026-11-23"),
            BackupChoice.Exactly(_project.Path(Backups().First())),
            BackupChoice.WithContent(new ChecksumRecord(TestProject.Sha256("2"), null)),
        ];
        DamagedBytes.Of(valid, DamagedBytes.ManifestWords).Sample(
            bytes =>
            {
                // Each case begins with the same files, so that a seed repeats it.
                File.WriteAllBytes(_project.Folder[Manifest], isSealed ? DamagedBytes.Seal(bytes) : bytes);
                Array.ForEach(originals, backup => _project.Write(backup.Path, backup.Content));
                Tolerate(() => _project.Files.Restore(file, choices[bytes.Length % choices.Length], new WriteOptions(Backup: false, Checksum: false)));

                // Whatever the manifest says, what the file holds was backed up once; the mode may be any.
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file.Full, UnixMode.Private);
                }

                Assert.Contains(_project.Folder.Read("a.txt"), (string[])["1", "2", "3"]);
                Assert.Equal(originals, Backups().Select(backup => (backup, _project.Folder.Read(backup))));
            },
            iter: PropertyCases.FileFuzz,
            threads: 1,
            print: DamagedBytes.Print);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_manifest_however_damaged_makes_a_backup_reach_out_of_its_folder(bool isSealed)
    {
        _project.Backups.Create(_project.Write("a.txt", "1"), BackupRotation.None);
        byte[] valid = Valid(isSealed);
        FilePath file = _project.Write("a.txt", "now");
        string[] ways = ["\"../../../precious.bak\"", $"\"{_project.Folder["precious.bak"].Replace('\\', '/')}\""];
        string[] words = [.. DamagedBytes.ManifestWords, .. Enumerable.Repeat(ways, 10).SelectMany(way => way)];
        DamagedBytes.Of(valid, words).Sample(
            bytes =>
            {
                foreach (string backup in Backups())
                {
                    File.Delete(_project.Folder[backup]);
                }

                _project.Write("precious.bak", "precious");
                File.WriteAllBytes(_project.Folder[Manifest], isSealed ? DamagedBytes.Seal(bytes) : bytes);
                Tolerate(() => _project.Backups.Create(file, new BackupRotation(Keep: 1)));
                Assert.Equal("now", _project.Folder.Read("a.txt"));
                Assert.Equal("precious", _project.Folder.Read("precious.bak"));
                Assert.Empty(_project.TemporaryFiles());
            },
            iter: Math.Max(1, PropertyCases.FileFuzz / 10),
            threads: 1,
            print: DamagedBytes.Print);
    }

    // Of a journal hardly a change gets past the checksums. So its records are changed too, and the journal made of them is sound.
    private byte[] Valid(bool isSealed) => !isSealed
        ? File.ReadAllBytes(_project.Folder[Manifest])
        : [.. Journal.Read(_project.Path(Manifest), BackupManifest.Kind).Records.SelectMany(record => (byte[])[.. record.Span, (byte)'\n'])];

    private IEnumerable<string> Backups() => _project.Folder.Files().Where(file => file.StartsWith(TestProject.BackupDirectory, StringComparison.Ordinal) && file.EndsWith(".bak", StringComparison.Ordinal));

    private static void AssertSound(ChecksumRecord record) =>
        Assert.All(new[] { record.Current, record.Pending }.OfType<string>(), digest => Assert.True(Sha256Text.IsValid(digest), digest));

    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (KinetraException error)
        {
            Assert.Matches("^KIN[0-9]{4}$", error.Code);
        }
    }
}
