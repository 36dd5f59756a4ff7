using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Checksums;

/// <summary>
/// What is recorded of a file's content. The form is the seed's, the SHA-256 in hex on a line of its own, and, while a
/// write is under way, a second line <c>pending {hex}</c>. A crash between the two durable steps of a write leaves
/// either content in place, so both are accepted until the next write or verification settles it.
/// </summary>
/// <param name="Current">The digest of the last finished write; null before the first one.</param>
/// <param name="Pending">The digest of a write that has begun; null if there is none.</param>
public sealed record ChecksumRecord(string? Current, string? Pending)
{
    private const string PendingPrefix = "pending ";

    /// <summary>Whether a file with this digest is what was written.</summary>
    /// <param name="sha256">64 hexadecimal digits in either case.</param>
    public bool Accepts(string sha256) => Sha256Text.AreEqual(Current, sha256) || Sha256Text.AreEqual(Pending, sha256);

    /// <summary>Reads a record.</summary>
    /// <param name="source">The record's file, for the error.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptChecksum"/>.</exception>
    internal static ChecksumRecord Parse(FilePath source, string text)
    {
        string? current = null;
        string? pending = null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(PendingPrefix, StringComparison.Ordinal) && pending is null && Sha256Text.IsValid(line[PendingPrefix.Length..]))
            {
                pending = line[PendingPrefix.Length..];
            }
            else if (current is null && pending is null && Sha256Text.IsValid(line))
            {
                current = line;
            }
            else
            {
                throw Corrupt(source);
            }
        }

        return current is null && pending is null ? throw Corrupt(source) : new ChecksumRecord(current, pending);
    }

    /// <summary>The record as it is kept.</summary>
    internal string Format() =>
        (Current is null ? "" : Current + "\n") + (Pending is null ? "" : PendingPrefix + Pending + "\n");

    private static KinetraException Corrupt(FilePath source) =>
        new(DiagnosticCodes.CorruptChecksum, $"The checksum record {source} is damaged: it should hold 64 hexadecimal digits. Check the file that it belongs to; if that is right, remove the record, and the next verification makes a new one.");
}
