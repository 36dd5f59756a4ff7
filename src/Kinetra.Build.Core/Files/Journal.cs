using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// An append-only file of JSON records. The first line says what it holds and in which version (<c>kinetra-backups 1</c>);
/// each further line is a record: its length in bytes and the CRC-32C of these bytes, each in 8 hexadecimal digits, and the
/// JSON, with a blank between them. A record is durable once <see cref="Append"/> returns. What a crash cut off at the end
/// is recognized and overwritten by the next record; anything else that is wrong is damage. One writer at a time.
/// </summary>
internal sealed class Journal
{
    private const int PrefixLength = 18;

    private readonly FilePath _file;
    private readonly byte[] _header;
    private readonly List<ReadOnlyMemory<byte>> _records;
    private long _length;
    private bool _torn;

    private Journal(FilePath file, byte[] header, List<ReadOnlyMemory<byte>> records, long length, bool torn) =>
        (_file, _header, _records, _length, _torn) = (file, header, records, length, torn);

    /// <summary>The records' JSON, in their order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Records => _records;

    /// <summary>The length of what is whole, in bytes; what a crash cut off stands behind it.</summary>
    public long Length => _length;

    /// <summary>Whether a crash has cut off the last record.</summary>
    public bool IsTorn => _torn;

    /// <summary>Where a record's line begins in the file, in bytes.</summary>
    /// <param name="index">From 0.</param>
    public long OffsetOf(int index) =>
        _records.Take(index).Aggregate((long)_header.Length, (offset, record) => offset + PrefixLength + record.Length + 1);

    /// <summary>Reads a journal; one that does not exist has no records.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="kind">What its first line must be.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of another kind or version; the message names the offset.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Journal Read(FilePath file, string kind)
    {
        return NativeFile.ReadAll(file.Full) is { } content
            ? Parse(file, kind, content)
            : new Journal(file, Encoding.UTF8.GetBytes(kind + "\n"), [], 0, torn: false);
    }

    /// <summary>Reads a journal from its bytes.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="kind">What its first line must be.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    internal static Journal Parse(FilePath file, string kind, byte[] content)
    {
        byte[] header = Encoding.UTF8.GetBytes(kind + "\n");

        // It is created atomically, so no crash cuts the first line.
        if (!content.AsSpan().StartsWith(header))
        {
            throw new InvalidDataException($"it does not begin with \"{kind}\": its beginning is damaged, or another release made it");
        }

        List<ReadOnlyMemory<byte>> records = [];
        int position = header.Length;
        while (RecordAt(content, position) is { } record)
        {
            records.Add(record);
            position += PrefixLength + record.Length + 1;
        }

        // Behind what a crash cut off there is nothing whole. Any place may be the next one's beginning: the line end before it may
        // be what is damaged.
        for (int next = position + 1; next < content.Length; next++)
        {
            if (RecordAt(content, next) is not null)
            {
                throw new InvalidDataException($"the record at byte {position} is damaged, as a whole one follows it at byte {next}");
            }
        }

        return new Journal(file, header, records, position, content.Length > position);
    }

    /// <summary>Adds records; durable when this returns. A crash before that may leave the first ones of them.</summary>
    /// <param name="records">JSON without a line feed in it.</param>
    /// <exception cref="IOException">They could not be written; the journal is as it was, or ends in a part that is recognized.</exception>
    /// <exception cref="KinetraException">The same, of a journal that did not exist.</exception>
    public void Append(params IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        byte[] lines = [.. records.SelectMany(record => Format(record.Span))];
        if (_length == 0)
        {
            AtomicFile.Write(_file, [.. _header, .. lines], UnixMode.Private);
            _length = _header.Length;
        }
        else
        {
            using SafeFileHandle handle = NativeFile.OpenReadWrite(_file.Full);
            try
            {
                if (_torn)
                {
                    // Parts of what a crash left must not stand behind a shorter record.
                    NativeFile.SetLength(handle, _length);
                }

                NativeFile.Write(handle, lines, _length);
                NativeFile.Flush(handle);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Undo(handle);
                throw;
            }
        }

        (_length, _torn) = (_length + lines.Length, false);
        _records.AddRange(records);
    }

    /// <summary>Replaces all records, atomically and durably.</summary>
    /// <param name="records">The new ones.</param>
    /// <exception cref="KinetraException">It could not be written; the journal is as it was.</exception>
    public void Rewrite(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        using MemoryStream content = new();
        content.Write(_header);
        foreach (ReadOnlyMemory<byte> record in records)
        {
            content.Write(Format(record.Span));
        }

        AtomicFile.Write(_file, content.GetBuffer().AsSpan(0, (int)content.Length), UnixMode.Private);
        (_length, _torn) = (content.Length, false);
        _records.Clear();
        _records.AddRange(records);
    }

    private static ReadOnlyMemory<byte>? RecordAt(byte[] content, int position)
    {
        ReadOnlySpan<byte> rest = content.AsSpan(position);
        if (rest.Length <= PrefixLength || rest[8] != ' ' || rest[17] != ' '
            || !Utf8Parser.TryParse(rest[..8], out int length, out int used, 'x') || used != 8
            || !Utf8Parser.TryParse(rest[9..17], out uint crc, out used, 'x') || used != 8
            || length < 0 || length >= rest.Length - PrefixLength || rest[PrefixLength + length] != '\n')
        {
            return null;
        }

        if (Crc32C.Compute(rest.Slice(PrefixLength, length)) != crc)
        {
            return null;
        }

        return content.AsMemory(position + PrefixLength, length);
    }

    /// <summary>The line of a record.</summary>
    internal static byte[] Format(ReadOnlySpan<byte> json)
    {
        byte[] line = new byte[LengthOf(json)];
        Format(json, line);
        return line;
    }

    /// <summary>The length of a record's line.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> json) => PrefixLength + json.Length + 1;

    /// <summary>Writes the line of a record.</summary>
    /// <param name="json">The record.</param>
    /// <param name="line">Where to; at least <see cref="LengthOf"/> long.</param>
    internal static void Format(ReadOnlySpan<byte> json, Span<byte> line)
    {
        StandardFormat hex = new('x', 8);
        _ = Utf8Formatter.TryFormat((uint)json.Length, line, out _, hex) && Utf8Formatter.TryFormat(Crc32C.Compute(json), line[9..], out _, hex);
        (line[8], line[17]) = ((byte)' ', (byte)' ');
        json.CopyTo(line[PrefixLength..]);
        line[PrefixLength + json.Length] = (byte)'\n';
    }

    // Best effort: a part of a record is recognized, and a whole one whose flush failed may stay or not.
    private void Undo(SafeFileHandle handle)
    {
        try
        {
            NativeFile.SetLength(handle, _length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
