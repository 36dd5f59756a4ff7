using System.Buffers;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Takes a content of any length and passes it on part by part, so that it never has to be in memory as a whole. (A buffer that grows with the content is
/// copied each time, and what is left of it stays: the runtime seldom collects arrays of that size.)
/// </summary>
/// <param name="append">Gets the parts, one after another.</param>
internal sealed class PartWriter(Action<ReadOnlySpan<byte>> append) : IBufferWriter<byte>
{
    // Below the 85,000 bytes from which the runtime counts an array among the large ones.
    private const int PartLength = 64 * 1024;

    private byte[] _part = new byte[PartLength];
    private int _length;

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _part.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _part.AsSpan(_length);
    }

    /// <summary>Passes on what has not been.</summary>
    public void Flush()
    {
        if (_length > 0)
        {
            append(_part.AsSpan(0, _length));
            _length = 0;
        }
    }

    private void MakeRoom(int size)
    {
        if (_part.Length - _length >= size)
        {
            return;
        }

        Flush();
        if (_part.Length < size)
        {
            _part = new byte[size];
        }
    }
}
