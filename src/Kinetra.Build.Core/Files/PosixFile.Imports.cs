using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <content>The functions of the C library that it calls; what each does says its manual page.</content>
internal static partial class PosixFile
{
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [SupportedOSPlatform("linux")]
    private static partial int open(string path, int flags, uint mode);

    // 64-bit offsets on 32-bit Linux too; macOS has no others.
    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread64(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwrite64(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pwrite(SafeFileHandle handle, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate64(SafeFileHandle handle, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle handle, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle handle, long offset, long length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle handle, int command);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle handle, nuint request, SafeFileHandle argument);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint copy_file_range(SafeFileHandle from, long* source, SafeFileHandle to, long* target, nint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renamex_np(string from, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(SafeFileHandle handle, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(SafeFileHandle handle, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* realpath(string path, byte* resolved);
}
