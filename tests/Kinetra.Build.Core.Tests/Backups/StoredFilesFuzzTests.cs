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
/// no change of the file. <c>KINETRA_FUZZ_CASES</c> sets the number of cases; <c>CsCheck_Seed</c> repeats a failure.
/// </summary>
public sealed partial class StoredFilesFuzzTests : IDisposable
{
    // Where the stores keep what is damaged here.
    private const string Record = TestProject.State + "/a.txt.checksum";
    private const string Manifest = TestProject.BackupDirectory + "/" + BackupManifest.FileName;

    private static readonly string[] RecordWords = ["hmac-sha256 ", "\n", "\r\n", " ", "0", TestProject.Sha256("1"), TestProject.Sha256("2").ToUpperInvariant(), "sha256:", "\uFEFF"];

    private static readonly string[] ManifestWords =
    [
        "kinetra-backups 1\n", "\n", "0000001a ", "\"add\"", "\"remove\"", "\"encrypted\"", "\"sequence\"", "\"file\"", "\"backup\"", "\"sha256\"", "\"size\"", "\"timestamp\"", "\"mode\"", "\"replaced\"",
        "{", "}", "[", "]", ",", ":", "null", "true", "0", "1", "-1", "1e999", "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"..\"", "\"0600\"", "\"77777777777\"", "\"x.bak\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"" + TestProject.Sha256("1") + "\"",
    ];

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Any_bytes_in_a_checksum_record_are_a_record_or_a_coded_error()
    {
        _project.Protect("a.txt", "1");
        byte[] valid = Encoding.UTF8.GetBytes(_project.Folder.Read(Record) + "hmac-sha256 1 " + TestProject.Sha256("2") + "\n");
        FilePath file = _project.Path("a.txt");
        Bytes(valid, RecordWords).Sample(
            bytes =>
            {
                File.WriteAllBytes(_project.Folder[Record], bytes);
                File.WriteAllBytes(_project.Folder[Record + ".pending"], [.. bytes, (byte)'\n']);
                Tolerate(() => AssertSound(_project.Checksums.Find(file)!));
                Tolerate(() => _project.Checksums.Verify(file, TestProject.Sha256("other")));
                Tolerate(() => _project.Integrity.Verify(file, null, MissingBaseline.Fail, Mismatch.Fail));
                Assert.Equal("1", _project.Folder.Read("a.txt"));
            },
            iter: PropertyCases.Fuzz,
            threads: 1,
            print: Print);
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
        Bytes(valid, ManifestWords).Sample(
            bytes =>
            {
                // Each case begins with the same files, so that a seed repeats it.
                File.WriteAllBytes(_project.Folder[Manifest], isSealed ? Seal(bytes) : bytes);
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
            iter: PropertyCases.Fuzz,
            threads: 1,
            print: Print);
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
        string[] words = [.. ManifestWords, .. Enumerable.Repeat(ways, 10).SelectMany(way => way)];
        Bytes(valid, words).Sample(
            bytes =>
            {
                foreach (string backup in Backups())
                {
                    File.Delete(_project.Folder[backup]);
                }

                _project.Write("precious.bak", "precious");
                File.WriteAllBytes(_project.Folder[Manifest], isSealed ? Seal(bytes) : bytes);
                Tolerate(() => _project.Backups.Create(file, new BackupRotation(Keep: 1)));
                Assert.Equal("now", _project.Folder.Read("a.txt"));
                Assert.Equal("precious", _project.Folder.Read("precious.bak"));
                Assert.Empty(_project.TemporaryFiles());
            },
            iter: Math.Max(1, PropertyCases.Fuzz / 10),
            threads: 1,
            print: Print);
    }

    // Of a journal hardly a change gets past the checksums. So its records are changed too, and the journal made of them is sound.
    private byte[] Valid(bool isSealed) => !isSealed
        ? File.ReadAllBytes(_project.Folder[Manifest])
        : [.. Journal.Read(_project.Path(Manifest), BackupManifest.Kind).Records.SelectMany(record => (byte[])[.. record.Span, (byte)'\n'])];

    private static byte[] Seal(byte[] records)
    {
        List<byte> journal = [.. Encoding.UTF8.GetBytes(BackupManifest.Kind + "\n")];
        for (int start = 0; start < records.Length;)
        {
            int end = Array.IndexOf(records, (byte)'\n', start) is >= 0 and int found ? found : records.Length;
            journal.AddRange(Journal.Format(records.AsSpan(start..end)));
            start = end + 1;
        }

        return [.. journal];
    }

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

    // Anything at all, a heap of words of the form, and most often what is valid with a few changes.
    private static Gen<byte[]> Bytes(byte[] valid, string[] words)
    {
        Gen<byte[]> word = Gen.Int[0, words.Length - 1].Select(number => Encoding.UTF8.GetBytes(words[number]));
        Gen<Func<byte[], byte[]>> change =
            from kind in Gen.Int[0, 9]
            from place in Gen.Int[0, 1_000_000]
            from length in Gen.Int[0, 80]
            from value in Gen.Byte
            from text in word
            select (Func<byte[], byte[]>)(bytes => Change(bytes, kind, place, length, value, text));
        return Gen.Frequency(
            (1, Gen.Byte.Array[0, 300]),
            (1, word.Array[0, 60].Select(heap => heap.SelectMany(part => part).ToArray())),
            (5, change.Select(next => next(valid))),
            (3, change.Array[2, 4].Select(changes => changes.Aggregate(valid, (bytes, next) => next(bytes)))));
    }

    private static byte[] Change(byte[] bytes, int kind, int place, int length, byte value, byte[] word)
    {
        int start = place % (bytes.Length + 1);
        int end = Math.Min(start + length, bytes.Length);
        return kind switch
        {
            0 => [.. bytes[..start], value, .. bytes[Math.Min(start + 1, bytes.Length)..]],
            1 => bytes[..start],
            2 => [.. bytes[..start], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[start..]],
            4 => [.. bytes[..start], .. word, .. bytes[start..]],
            _ => Replace(bytes, place, word),
        };
    }

    // A whole token gives way to a word, so that the result is often well-formed.
    private static byte[] Replace(byte[] bytes, int place, byte[] word)
    {
        MatchCollection tokens = Token().Matches(Encoding.Latin1.GetString(bytes));
        if (tokens.Count == 0)
        {
            return word;
        }

        Match token = tokens[place % tokens.Count];
        return [.. bytes[..token.Index], .. word, .. bytes[(token.Index + token.Length)..]];
    }

    [GeneratedRegex("""
        "[^"]*"|[^\s",:{}\[\]]+
        """)]
    private static partial Regex Token();

    private static string Print(byte[] bytes) => $"base64 {Convert.ToBase64String(bytes)}: {Encoding.Latin1.GetString(bytes)}";
}
