using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>Reads <see cref="FileStatus"/> from the system's <c>statx</c> (Linux) or <c>stat</c> (macOS).</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PosixStatus
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint Basic = 0x7ff;

    /// <summary>The status of what a path stands for.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link stands for what it points to.</param>
    /// <returns>Null if there is nothing (ENOENT, ENOTDIR); whatever else fails is thrown, as it does not mean that.</returns>
    public static unsafe FileStatus? Of(string path, bool follow)
    {
        byte* buffer = stackalloc byte[256];
        int result = !OperatingSystem.IsMacOS() ? statx(CurrentDirectory, path, follow ? 0 : NoFollow, Basic, buffer)
            : RuntimeInformation.ProcessArchitecture != Architecture.X64 ? (follow ? stat(path, buffer) : lstat(path, buffer))
            : follow ? stat_inode64(path, buffer)
            : lstat_inode64(path, buffer);
        if (result == 0)
        {
            return Parse(buffer);
        }

        return Marshal.GetLastPInvokeError() is Errno.NotFound or Errno.NotDirectory ? null : throw Errno.LastError("stat");
    }

    /// <summary>The status of an open file.</summary>
    public static unsafe FileStatus Of(SafeFileHandle handle)
    {
        byte* buffer = stackalloc byte[256];
        int result = !OperatingSystem.IsMacOS() ? statx(handle, "", EmptyPath, Basic, buffer)
            : RuntimeInformation.ProcessArchitecture == Architecture.X64 ? fstat_inode64(handle, buffer)
            : fstat(handle, buffer);
        return result == 0 ? Parse(buffer) : throw Errno.LastError("stat");
    }

    // Linux: struct statx, man 2 statx. macOS: struct stat with 64-bit inodes, sys/stat.h.
    private static unsafe FileStatus Parse(byte* at) => OperatingSystem.IsMacOS()
        ? new FileStatus(
            Kind(*(ushort*)(at + 4)), Permissions(*(ushort*)(at + 4)), *(uint*)(at + 16), *(uint*)(at + 20), *(ushort*)(at + 6),
            *(uint*)at, *(ulong*)(at + 8), *(long*)(at + 96), Time(*(long*)(at + 48), *(long*)(at + 56)), Time(*(long*)(at + 64), *(long*)(at + 72)))
        : new FileStatus(
            Kind(*(ushort*)(at + 28)), Permissions(*(ushort*)(at + 28)), *(uint*)(at + 20), *(uint*)(at + 24), *(uint*)(at + 16),
            ((ulong)*(uint*)(at + 136) << 32) | *(uint*)(at + 140), *(ulong*)(at + 32), *(long*)(at + 40),
            Time(*(long*)(at + 112), *(uint*)(at + 120)), Time(*(long*)(at + 96), *(uint*)(at + 104)));

    private static FileKind Kind(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };

    private static UnixFileMode Permissions(ushort mode) => (UnixFileMode)(mode & 0xFFF);

    private static long Time(long seconds, long nanoseconds) => unchecked((seconds * 1_000_000_000) + nanoseconds);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(SafeFileHandle file, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat(string path, byte* buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int lstat(string path, byte* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fstat(SafeFileHandle file, byte* buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat_inode64(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int lstat_inode64(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static unsafe partial int fstat_inode64(SafeFileHandle file, byte* buffer);
}
