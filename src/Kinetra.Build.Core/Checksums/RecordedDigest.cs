using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Core.Checksums;

/// <summary>
/// The content of one record file: the SHA-256 in hex on a line of its own, as the seed wrote it and, where there is a key,
/// a second line <c>hmac-sha256 {size} {hex}</c> that only a holder of the key can write.
/// </summary>
/// <param name="Sha256">The digest in hex.</param>
/// <param name="Size">The size of the file, in bytes, that is signed with it; null without a signature.</param>
/// <param name="Signature">The HMAC; null without a signature.</param>
internal sealed record RecordedDigest(string Sha256, long? Size, byte[]? Signature)
{
    private const string Purpose = "kinetra checksum record 1";
    private const string SignaturePrefix = "hmac-sha256 ";

    /// <summary>Makes a record.</summary>
    /// <param name="file">The file, as the store knows it.</param>
    /// <param name="sha256">Its digest.</param>
    /// <param name="size">Its size, in bytes.</param>
    /// <param name="key">Signs it; null for none.</param>
    public static RecordedDigest Create(string file, string sha256, long size, SecretKey? key) =>
        key is null ? new RecordedDigest(sha256, null, null) : new RecordedDigest(sha256, size, key.Sign(Purpose, Signed(file, sha256, size)));

    /// <summary>Reads a record; null if it is none.</summary>
    public static RecordedDigest? Parse(ReadOnlySpan<byte> content)
    {
        string[] lines = Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length is 0 or > 2 || !Sha256Text.IsValid(lines[0]))
        {
            return null;
        }

        if (lines.Length == 1)
        {
            return new RecordedDigest(lines[0], null, null);
        }

        string[] signature = lines[1].StartsWith(SignaturePrefix, StringComparison.Ordinal) ? lines[1][SignaturePrefix.Length..].Split(' ') : [];
        return signature.Length == 2 && long.TryParse(signature[0], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && Sha256Text.IsValid(signature[1])
            ? new RecordedDigest(lines[0], size, Convert.FromHexString(signature[1]))
            : null;
    }

    /// <summary>Whether it was made by a holder of the key, for this file.</summary>
    public bool IsSignedBy(SecretKey key, string file) =>
        Signature is not null && key.IsSigned(Purpose, Signed(file, Sha256.ToLowerInvariant(), Size!.Value), Signature);

    /// <summary>The record as it is kept.</summary>
    public byte[] Format() => Encoding.ASCII.GetBytes(Signature is null
        ? $"{Sha256}\n"
        : string.Create(CultureInfo.InvariantCulture, $"{Sha256}\n{SignaturePrefix}{Size} {Convert.ToHexStringLower(Signature)}\n"));

    // A path may have anything in it but NUL.
    private static byte[] Signed(string file, string sha256, long size) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file}\0{size}\0{sha256}"));
}
