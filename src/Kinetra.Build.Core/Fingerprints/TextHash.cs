using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// SHA-256 of texts. Each is preceded by its length, so that no two different lists run together into the same bytes, and taken in
/// UTF-16, which unlike UTF-8 keeps half a surrogate pair apart from another.
/// </summary>
internal static class TextHash
{
    /// <summary>The hash of a list of texts, as 64 lower-case hexadecimal digits.</summary>
    public static string Of(params IReadOnlyList<string> texts) => Convert.ToHexStringLower(SHA256.HashData(Frame(texts)));

    /// <summary>The bytes that are hashed.</summary>
    public static byte[] Frame(IReadOnlyList<string> texts)
    {
        int size = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            size += sizeof(int) + (texts[i].Length * sizeof(char));
        }

        byte[] frame = new byte[size];
        Span<byte> rest = frame;
        for (int i = 0; i < texts.Count; i++)
        {
            // Every processor that .NET 10 supports here stores a char's low byte first.
            ReadOnlySpan<byte> text = MemoryMarshal.AsBytes(texts[i].AsSpan());
            BinaryPrimitives.WriteInt32LittleEndian(rest, text.Length);
            text.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + text.Length)..];
        }

        return frame;
    }
}
