using System.Buffers;
using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.History;

/// <summary>
/// The frame of a history file: a first line with kind and version, a line for each step, and a last line with the CRC-32C of all before it.
/// What lacks any of it is damaged, or of another version, and counts as empty: only estimates are lost.
/// </summary>
internal static class HistoryFile
{
    // More than ten times what 10,000 steps need: not ours, or out of hand.
    private const long TooLarge = 64 * 1024 * 1024;

    private static readonly byte[] Kind = [.. "kinetra-history 1\n"u8];
    private static readonly byte[] End = [.. "crc32c "u8];
    private static readonly int EndLength = End.Length + 9;

    /// <summary>The lines of the steps.</summary>
    public static List<ReadOnlyMemory<byte>> Read(FilePath file)
    {
        byte[]? content = null;
        try
        {
            content = NativeFile.Status(file.Full) is { Size: <= TooLarge } ? NativeFile.ReadAll(file.Full) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }

        return content is not null && IsWhole(content) ? Split(new ReadOnlyMemory<byte>(content, Kind.Length, content.Length - Kind.Length - EndLength)) : [];
    }

    /// <summary>Replaces the file. A power cut may take it, for which no build is to wait: only estimates would be lost.</summary>
    /// <param name="file">The file.</param>
    /// <param name="writeLines">Writes the lines of the steps, each with its end.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public static void Write(FilePath file, Action<IBufferWriter<byte>> writeLines)
    {
        using AtomicFile content = AtomicFile.CreateVolatile(file);
        uint crc = 0;
        PartWriter writer = new(part =>
        {
            crc = Crc32C.Continue(crc, part);
            content.Append(part);
        });
        writer.Write(Kind);
        writeLines(writer);
        writer.Flush();
        content.Append(Last(crc));
        content.Commit();
    }

    private static bool IsWhole(ReadOnlySpan<byte> content) => content.Length >= Kind.Length + EndLength
        && content.StartsWith(Kind)
        && content[^EndLength..].SequenceEqual(Last(Crc32C.Compute(content[..^EndLength])));

    private static byte[] Last(uint crc) =>
        [.. End, .. Encoding.ASCII.GetBytes(crc.ToString("x8", CultureInfo.InvariantCulture)), (byte)'\n'];

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> lines)
    {
        List<ReadOnlyMemory<byte>> found = [];
        for (int length = lines.Span.IndexOf((byte)'\n'); length >= 0; length = lines.Span.IndexOf((byte)'\n'))
        {
            found.Add(lines[..length]);
            lines = lines[(length + 1)..];
        }

        return found;
    }
}
