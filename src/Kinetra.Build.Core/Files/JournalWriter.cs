using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Adds records to a <see cref="Journal"/> that stays open, at a cost that does not grow with their number. Once a flush has
/// failed nothing more is written: what the disk holds is not known then. One writer at a time, and one thread at a time that adds;
/// any others may flush meanwhile, and share the flushes.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Lock _flushing = new();
    private byte[] _line = new byte[1024];
    private long _length;
    private long _flushed = -1;
    private volatile bool _failed;
    private Exception? _failure;

    private JournalWriter(SafeFileHandle handle, long length) => (_handle, _length) = (handle, length);

    // Read by those who flush, in other threads than the one that adds.
    private long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>Creates a journal with its first records, durably and only if its name is free.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="kind">Its first line.</param>
    /// <param name="records">The records; each is used before the next one is asked for.</param>
    /// <returns>Null if the name is taken.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WriteFailed"/> or <see cref="DiagnosticCodes.DurabilityUnknown"/>.</exception>
    public static JournalWriter? TryCreate(FilePath file, string kind, IEnumerable<ReadOnlyMemory<byte>> records)
    {
        using AtomicFile journal = AtomicFile.Create(file, UnixMode.Private, digest: false);
        PartWriter parts = new(journal.Append);
        parts.Write(Encoding.UTF8.GetBytes(kind + "\n"));
        foreach (ReadOnlyMemory<byte> record in records)
        {
            int length = Journal.LengthOf(record.Span);
            Journal.Format(record.Span, parts.GetSpan(length));
            parts.Advance(length);
        }

        parts.Flush();
        journal.Seal();
        return journal.TryCommitNew(file) ? new JournalWriter(NativeFile.OpenReadWrite(file.Full), journal.Length) : null;
    }

    /// <summary>Goes on with a journal; what a crash cut off at its end is removed.</summary>
    /// <param name="file">The journal, of which <paramref name="journal"/> was read.</param>
    /// <param name="journal">What it holds.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static JournalWriter Open(FilePath file, Journal journal)
    {
        SafeFileHandle handle = NativeFile.OpenReadWrite(file.Full);
        try
        {
            NativeFile.SetLength(handle, journal.Length);
            return new JournalWriter(handle, journal.Length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">JSON without a line feed in it.</param>
    /// <param name="durable">Whether it survives a power cut, with all before it, once this returns. Otherwise it survives the process.</param>
    /// <exception cref="IOException">It could not be written, now or before.</exception>
    public void Append(ReadOnlySpan<byte> record, bool durable)
    {
        RefuseIfFailed();
        int length = Journal.LengthOf(record);
        if (_line.Length < length)
        {
            _line = new byte[2 * length];
        }

        Journal.Format(record, _line);
        try
        {
            NativeFile.Write(_handle, _line.AsSpan(0, length), Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TakeBack();
            throw;
        }

        Length += length;
        if (durable)
        {
            Flush();
        }
    }

    /// <summary>
    /// Makes durable what was added before this call. For any thread: of those that wait for a flush which goes on, the first one flushes for all.
    /// </summary>
    /// <exception cref="IOException">It could not be flushed, now or before; nothing more can be added then.</exception>
    public void Flush()
    {
        long wanted = Length;

        // One at a time: of two that go on together the system tells only one that they have failed.
        lock (_flushing)
        {
            RefuseIfFailed();
            if (_flushed >= wanted)
            {
                return;
            }

            long all = Length;
            try
            {
                NativeFile.Flush(_handle);
                _flushed = all;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // What the disk holds now is not known, and a second flush may report success.
                (_failure, _failed) = (error, true);
                throw;
            }
        }
    }

    private void RefuseIfFailed()
    {
        if (_failed)
        {
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            throw new IOException("an earlier record could not be written");
        }
    }

    // A disk that was full may have room again for the next record, which must not have a part of this one behind it.
    private void TakeBack()
    {
        try
        {
            NativeFile.SetLength(_handle, Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _failed = true;
        }
    }

    /// <summary>Closes the journal.</summary>
    public void Dispose() => _handle.Dispose();
}
