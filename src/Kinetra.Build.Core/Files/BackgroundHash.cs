using System.Buffers;
using System.Security.Cryptography;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// A SHA-256 that another thread computes while this one reads, writes or waits for the disk. The pieces count in the
/// order in which they are handed over; a few of them may wait, then <see cref="Append"/> does.
/// </summary>
internal sealed class BackgroundHash : IThreadPoolWorkItem, IDisposable
{
    /// <summary>A good size of a piece: fits the processor's cache, and a hand-over costs little beside its hash.</summary>
    public const int PieceSize = 256 * 1024;

    private const int Depth = 8;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stack<byte[]> _free = new();
    private readonly Queue<(ReadOnlyMemory<byte> Piece, byte[]? Rented)> _waiting = new();

    // Whether a thread of the pool was asked for and has not come yet.
    private bool _asked;

    // Whether some thread hashes.
    private bool _working;

    /// <summary>A buffer for a piece. Each is used again and again, and wiped in the end, as it may have held a secret.</summary>
    /// <returns><see cref="PieceSize"/> bytes or more.</returns>
    public byte[] Rent()
    {
        lock (_waiting)
        {
            return _free.TryPop(out byte[]? used) ? used : ArrayPool<byte>.Shared.Rent(PieceSize);
        }
    }

    /// <summary>Adds a piece.</summary>
    /// <param name="piece">Must not change until <see cref="Finish"/>, unless it is a rented buffer.</param>
    /// <param name="rented">The piece's buffer, if it comes from <see cref="Rent"/>; null if it is somebody else's.</param>
    public void Append(ReadOnlyMemory<byte> piece, byte[]? rented = null)
    {
        WaitFor(Depth - 1);
        lock (_waiting)
        {
            _waiting.Enqueue((piece, rented));
            if (!_working && !_asked)
            {
                _asked = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    /// <summary>The digest of all pieces; begins anew.</summary>
    public byte[] Finish()
    {
        WaitFor(0);
        return _hash.GetHashAndReset();
    }

    /// <summary>Forgets all pieces.</summary>
    public void Restart() => Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        WaitFor(0);
        _hash.Dispose();
        while (_free.TryPop(out byte[]? buffer))
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_waiting)
        {
            _asked = false;
            if (_working || _waiting.Count == 0)
            {
                return;
            }

            _working = true;
        }

        Work();
    }

    private void Work()
    {
        (ReadOnlyMemory<byte> Piece, byte[]? Rented) next = default;
        while (true)
        {
            lock (_waiting)
            {
                if (next.Rented is { } used)
                {
                    _free.Push(used);
                }

                // Not at each piece: to wake a thread takes a good part of the time that a piece does.
                if (_waiting.Count <= Depth / 2)
                {
                    Monitor.PulseAll(_waiting);
                }

                if (!_waiting.TryDequeue(out next))
                {
                    _working = false;
                    return;
                }
            }

            _hash.AppendData(next.Piece.Span);
        }
    }

    // Until no more than so many pieces wait; none: until the last one is hashed too. Where no thread of the pool has come yet
    // the caller does the work: it may itself be one that the pool waits for.
    private void WaitFor(int rest)
    {
        lock (_waiting)
        {
            while (_working && (rest == 0 || _waiting.Count > rest))
            {
                Monitor.Wait(_waiting);
            }

            if (_waiting.Count <= rest)
            {
                return;
            }

            _working = true;
        }

        Work();
    }
}
