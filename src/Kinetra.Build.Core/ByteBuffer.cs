using System.Buffers;

namespace Kinetra.Build.Core;

/// <summary>Bytes that are written one behind another. (The one of .NET has no precompiled code for bytes, and would be compiled in each build.)</summary>
/// <param name="capacity">How many it has room for at first.</param>
internal sealed class ByteBuffer(int capacity = 256) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[capacity];

    /// <summary>How many have been written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => new(_bytes, 0, Length);

    /// <summary>What has been written; it changes with what is written next.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => new(_bytes, 0, Length);

    /// <summary>Forgets what has been written.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return new Memory<byte>(_bytes, Length, _bytes.Length - Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return new Span<byte>(_bytes, Length, _bytes.Length - Length);
    }

    private void MakeRoom(int size)
    {
        int needed = checked(Length + Math.Max(size, 1));
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        }
    }
}
