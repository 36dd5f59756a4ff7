using System.Text.Json;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// The file of a <see cref="DigestCache"/>, in the format of a <see cref="Journal"/>, but appended to without a flush. It is a cache: whatever is wrong with
/// it, it counts as empty, and if it cannot be written, nothing is kept. Not safe for several threads at a time.
/// </summary>
internal sealed class DigestFile(FilePath file) : IDisposable
{
    private const string Kind = "kinetra-digests 1";

    // More than twice what any capacity needs: not ours, or out of hand.
    private const long TooLarge = 256 * 1024 * 1024;

    private static readonly byte[] Header = [.. "kinetra-digests 1\n"u8];
    private static readonly int LineOverhead = Journal.Format([]).Length;

    private SafeFileHandle? _handle;
    private long _length;
    private bool _isBroken;

    /// <summary>How many records the file has, old versions included.</summary>
    public int Lines { get; private set; }

    /// <summary>The records, in the order in which they were written.</summary>
    public List<DigestRecord> Read()
    {
        try
        {
            if (NativeFile.Status(file.Full) is { Size: <= TooLarge } && NativeFile.ReadAll(file.Full) is { } content)
            {
                return Parse(content);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
        }

        return [];
    }

    /// <summary>Adds a record.</summary>
    public void Append(DigestRecord record) => Try(() =>
    {
        byte[] line = Journal.Format(record.Format());
        _handle ??= Open();
        NativeFile.Write(_handle, line, _length);
        _length += line.Length;
        Lines++;
    });

    /// <summary>Replaces all records.</summary>
    public void Rewrite(IReadOnlyCollection<DigestRecord> records) => Try(() =>
    {
        using MemoryStream content = new();
        content.Write(Header);
        foreach (DigestRecord record in records)
        {
            content.Write(Journal.Format(record.Format()));
        }

        Dispose();
        AtomicFile.Write(file, content.GetBuffer().AsSpan(0, (int)content.Length), UnixMode.Private);
        (_length, Lines) = (content.Length, records.Count);
    });

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private List<DigestRecord> Parse(byte[] content)
    {
        Journal journal = Journal.Parse(file, Kind, content);
        List<DigestRecord> records = new(journal.Records.Count);
        long length = Header.Length;
        foreach (ReadOnlyMemory<byte> json in journal.Records)
        {
            records.Add(DigestRecord.Parse(json.Span));
            length += json.Length + LineOverhead;
        }

        (_length, Lines) = (length, records.Count);
        return records;
    }

    private SafeFileHandle Open()
    {
        SafeFileHandle handle;
        if (NativeFile.Exists(file.Full))
        {
            handle = NativeFile.OpenReadWrite(file.Full);
        }
        else
        {
            StateDirectory.Ensure(new FilePath(Path.GetDirectoryName(file.Full)!, Path.GetDirectoryName(file.Display)!));
            handle = NativeFile.CreateNew(file.Full, UnixMode.Private);
        }

        try
        {
            // What is damaged, or was cut off, goes.
            NativeFile.SetLength(handle, _length);
            if (_length == 0)
            {
                NativeFile.Write(handle, Header, 0);
                _length = Header.Length;
            }

            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Half a line may stand at the end after a failure, so nothing may come behind it.
    private void Try(Action write)
    {
        if (_isBroken)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or KinetraException)
        {
            _isBroken = true;
            Dispose();
        }
    }
}
