using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>What may stand in a file instead of what was written there.</summary>
internal static partial class DamagedBytes
{
    /// <summary>Words of a checksum record.</summary>
    public static readonly string[] RecordWords = ["hmac-sha256 ", "\n", "\r\n", " ", "0", TestProject.Sha256("1"), TestProject.Sha256("2").ToUpperInvariant(), "sha256:", "\uFEFF"];

    /// <summary>Words of a manifest.</summary>
    public static readonly string[] ManifestWords =
    [
        "kinetra-backups 1\n", "\n", "0000001a ", "\"add\"", "\"remove\"", "\"encrypted\"", "\"sequence\"", "\"file\"", "\"backup\"", "\"sha256\"", "\"size\"", "\"timestamp\"", "\"mode\"", "\"replaced\"",
        "{", "}", "[", "]", ",", ":", "null", "true", "0", "1", "-1", "1e999", "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"..\"", "\"0600\"", "\"77777777777\"", "\"x.bak\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"" + TestProject.Sha256("1") + "\"",
    ];

    /// <summary>Words of a run's journal.</summary>
    public static readonly string[] RunWords =
    [
        "kinetra-run 1\n", "\n", "0000001a ", "\"seq\"", "\"at\"", "\"run\"", "\"carried\"", "\"step\"", "\"attempt\"", "\"finish\"", "\"number\"", "\"attempts\"", "\"reusable\"", "\"occurrence_number\"", "\"name\"",
        "\"status\"", "\"start_time\"", "\"duration\"", "\"error\"", "\"critical\"", "\"exit_code\"", "\"log_file\"", "\"reason\"", "\"resumed_from\"", "\"progress\"", "\"operations\"", "\"fingerprint\"", "\"outputs\"",
        "\"written\"", "\"mark\"", "\"metadata\"", "\"completed\"", "\"running\"", "\"failed\"", "\"interrupted\"", "\"20261123_045501\"", "{", "}", "[", "]", ",", ":", "{}", "[]", "[null]", "null", "true", "false",
        "0", "1", "2", "-1", "1e999", "-1e999", "1e300", "253e9", "2e11", "9223372036854775807", "2147483648", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
    ];

    /// <summary>Words of a workflow's lock file.</summary>
    public static readonly string[] LockWords =
    [
        "\"held\"", "\"pid\"", "\"host\"", "\"since\"", "\"build\"", "\"run\"", "\"number\"", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e999", "1e300", "9223372036854775808", "\"\"", "\"\\ud800\"",
        "\"../../x\"", "\"20261123_045501-002\"",
    ];

    /// <summary>Words of a cache of digests.</summary>
    public static readonly string[] DigestWords =
    [
        "kinetra-digests 1\n", "\n", "[", "]", ",", "null", "true", "0", "-1", "1e999", "18446744073709551616", "\"\"", "\"\\ud800\"", "{}", "\"" + TestProject.Sha256("1") + "\"",
    ];

    /// <summary>Anything at all, a heap of words of the form, and most often what is valid with a few changes.</summary>
    /// <param name="valid">What is valid.</param>
    /// <param name="words">Words of the form.</param>
    public static Gen<byte[]> Of(byte[] valid, string[] words)
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

    /// <summary>A case in a form that can be tried again.</summary>
    public static string Print(byte[] bytes) => $"base64 {Convert.ToBase64String(bytes)}: {Encoding.Latin1.GetString(bytes)}";

    /// <summary>The journal, sound in itself, whose records are these lines.</summary>
    /// <param name="records">The lines.</param>
    /// <param name="kind">Its first line.</param>
    public static byte[] Seal(byte[] records, string kind = BackupManifest.Kind)
    {
        List<byte> journal = [.. Encoding.UTF8.GetBytes(kind + "\n")];
        for (int start = 0; start < records.Length;)
        {
            int end = Array.IndexOf(records, (byte)'\n', start) is >= 0 and int found ? found : records.Length;
            journal.AddRange(Journal.Format(records.AsSpan(start..end)));
            start = end + 1;
        }

        return [.. journal];
    }
}
