using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Which file it is, whatever its path.</summary>
/// <param name="Device">The file system; 0 on Windows.</param>
/// <param name="Inode">Its number there; 0 on Windows.</param>
/// <param name="Path">Empty; on Windows, where numbers are not cheap, the absolute path.</param>
internal readonly record struct FileId(ulong Device, ulong Inode, string Path);

/// <summary>What a version of a file is known by, and its digest.</summary>
/// <param name="Id">The file.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">When the content was changed last, in the unit of <see cref="FileStatus"/>.</param>
/// <param name="Changed">When content or attributes were; on Windows when the file was created.</param>
/// <param name="Sha256">The digest, in 64 lower-case hexadecimal digits.</param>
internal readonly record struct DigestRecord(FileId Id, long Size, long Modified, long Changed, string Sha256)
{
    private const int Members = 7;

    /// <summary>Reads what <see cref="Format"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static DigestRecord Parse(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        object[] members = new object[Members];
        try
        {
            for (int i = 0; i < Members; i++)
            {
                reader.Read();
                members[i] = i switch { 0 or 1 => reader.GetUInt64(), 2 or 6 => reader.GetString() ?? throw new JsonException("a text is null"), _ => reader.GetInt64() };
            }
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new JsonException("this is no record of a digest", error);
        }

        string sha256 = (string)members[6];
        return sha256.Length == 64
            ? new DigestRecord(new FileId((ulong)members[0], (ulong)members[1], (string)members[2]), (long)members[3], (long)members[4], (long)members[5], sha256)
            : throw new JsonException("this is no digest");
    }

    /// <summary>The record as JSON: an array.</summary>
    public byte[] Format()
    {
        ByteBuffer buffer = new(192);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            json.WriteNumberValue(Id.Device);
            json.WriteNumberValue(Id.Inode);
            json.WriteStringValue(Id.Path);
            json.WriteNumberValue(Size);
            json.WriteNumberValue(Modified);
            json.WriteNumberValue(Changed);
            json.WriteStringValue(Sha256);
            json.WriteEndArray();
        }

        return buffer.Written.ToArray();
    }
}
