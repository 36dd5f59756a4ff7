using System.Buffers.Binary;
using System.Numerics;

namespace Kinetra.Build.Core.Files;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), which processors have an instruction for. Finds damage, not forgery.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes: 0xE3069283 for "123456789".</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Continue(0, bytes);

    /// <summary>The checksum of bytes that come part by part.</summary>
    /// <param name="before">That of the parts before this one; 0 for the first.</param>
    /// <param name="bytes">The part.</param>
    public static uint Continue(uint before, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~before;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
