using System.Buffers.Binary;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// A POSIX access list as Linux keeps it in an extended attribute (linux/posix_acl_xattr.h): the version 2 in 32 bits, then
/// for each entry tag and permissions in 16 bits and an id in 32 bits, all little-endian.
/// </summary>
internal static class AccessList
{
    /// <summary>The attribute's name.</summary>
    public const string Name = "system.posix_acl_access";

    private const int HeaderSize = 4;
    private const int EntrySize = 8;
    private const uint Version = 2;

    private const ushort Owner = 0x01;
    private const ushort Group = 0x04;
    private const ushort Mask = 0x10;
    private const ushort Other = 0x20;

    /// <summary>Changes a list as chmod would: owner, others, and the mask that bounds everybody else get what the mode gives.</summary>
    /// <param name="list">The attribute's value. One of another form stays as it is.</param>
    /// <param name="mode">The mode that the file is to have.</param>
    public static void Bound(Span<byte> list, UnixFileMode mode)
    {
        if (list.Length < HeaderSize || (list.Length - HeaderSize) % EntrySize != 0 || BinaryPrimitives.ReadUInt32LittleEndian(list) != Version)
        {
            return;
        }

        Span<byte> entries = list[HeaderSize..];
        bool hasMask = false;
        for (Span<byte> rest = entries; rest.Length > 0; rest = rest[EntrySize..])
        {
            hasMask |= BinaryPrimitives.ReadUInt16LittleEndian(rest) == Mask;
        }

        for (Span<byte> rest = entries; rest.Length > 0; rest = rest[EntrySize..])
        {
            int? shift = BinaryPrimitives.ReadUInt16LittleEndian(rest) switch
            {
                Owner => 6,
                Mask => 3,
                Group when !hasMask => 3,
                Other => 0,
                _ => null,
            };
            if (shift is { } bits)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(rest[sizeof(ushort)..], (ushort)(((int)mode >> bits) & 7));
            }
        }
    }
}
