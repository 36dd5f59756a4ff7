using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>The POSIX side of <see cref="NativeFile"/>, for Linux and macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PosixFile
{
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int CurrentDirectory = -100;
    private const uint RenameNoReplaceLinux = 1;
    private const uint RenameExclusiveMac = 4;
    private const int FullFlushMac = 51;
    private const uint StatBasic = 0x7ff;

    /// <summary>A user or group that stays as it is, for <see cref="TryChangeOwner"/>.</summary>
    public const uint Unchanged = uint.MaxValue;


    // Without O_CLOEXEC every step would inherit the descriptor, and with it the lock.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    public static void Flush(SafeFileHandle handle)
    {
        // macOS: fsync leaves the data in the drive's cache; F_FULLFSYNC does not (man 2 fsync). Not every volume has it.
        if (OperatingSystem.IsMacOS() && fcntl(handle, FullFlushMac) == 0)
        {
            return;
        }

        while (fsync(handle) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                throw Errno.LastError("fsync");
            }
        }
    }

    public static void FlushDirectory(string directory)
    {
        using SafeFileHandle handle = Open(directory, 0);
        Flush(handle);
    }

    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
        {
            throw Errno.LastError("rename");
        }
    }

    public static bool RenameNoReplace(string from, string to)
    {
        int result = OperatingSystem.IsMacOS()
            ? renamex_np(from, to, RenameExclusiveMac)
            : renameat2(CurrentDirectory, from, CurrentDirectory, to, RenameNoReplaceLinux);
        if (result == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == Errno.Exists)
        {
            return false;
        }

        if (error != Errno.Invalid)
        {
            throw Errno.LastError("rename");
        }

        // The file system does not know the flag (EINVAL): link fails on a taken name everywhere.
        if (link(from, to) != 0)
        {
            return Marshal.GetLastPInvokeError() == Errno.Exists ? false : throw Errno.LastError("link");
        }

        File.Delete(from);
        return true;
    }

    /// <summary>What a path is and whom it belongs to, links followed; null if there is nothing.</summary>
    public static unsafe PosixFileStatus? Stat(string path)
    {
        byte* buffer = stackalloc byte[512];
        int result = OperatingSystem.IsMacOS()
            ? (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? stat_inode64(path, buffer) : stat(path, buffer))
            : statx(CurrentDirectory, path, 0, StatBasic, buffer);
        if (result != 0)
        {
            return null;
        }

        // Linux struct statx (man 2 statx): uid at 20, gid at 24, mode at 28. macOS struct stat (sys/stat.h): mode at 4, uid at
        // 16, gid at 20.
        return OperatingSystem.IsMacOS()
            ? new PosixFileStatus(*(ushort*)(buffer + 4), *(uint*)(buffer + 16), *(uint*)(buffer + 20))
            : new PosixFileStatus(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), *(uint*)(buffer + 24));
    }

    /// <summary>Gives an open file to a user and a group, where that is permitted.</summary>
    /// <returns>False if it is not.</returns>
    public static bool TryChangeOwner(SafeFileHandle handle, uint user, uint group) => fchown(handle, user, group) == 0;

    /// <summary>The file that a path leads to, with every link on the way followed as the system follows it; null if there is none.</summary>
    public static unsafe string? RealPath(string path)
    {
        byte* resolved = realpath(path, null);
        if (resolved is null)
        {
            return null;
        }

        string result = Marshal.PtrToStringUTF8((nint)resolved)!;
        NativeMemory.Free(resolved);
        return result;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint EffectiveUser() => geteuid();

    /// <summary>Opens a lock file that exists, for reading and writing.</summary>
    public static SafeFileHandle OpenLock(string path) => Open(path, 2);

    /// <summary>Tries to take an exclusive flock.</summary>
    /// <returns>False if another holds it.</returns>
    public static bool TryLock(SafeFileHandle handle)
    {
        while (flock(handle, LockExclusive | LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Errno.WouldBlock)
            {
                return false;
            }

            if (error != Errno.Interrupted)
            {
                throw Errno.LastError("flock");
            }
        }

        return true;
    }

    // Called with two arguments only, as open and fcntl are variadic and Apple's arm64 passes further ones differently.
    private static SafeFileHandle Open(string path, int access)
    {
        int descriptor;
        while ((descriptor = open(path, access | CloseOnExec)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                throw Errno.LastError("open");
            }
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle handle, int command);

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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat_inode64(string path, byte* buffer);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(SafeFileHandle handle, uint user, uint group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* realpath(string path, byte* resolved);
}

/// <summary>What a path is and whom it belongs to.</summary>
/// <param name="Mode">File type and permissions, as in <c>st_mode</c>.</param>
/// <param name="User">The owner's user id.</param>
/// <param name="Group">The group's id.</param>
internal readonly record struct PosixFileStatus(ushort Mode, uint User, uint Group)
{
    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    /// <summary>Whether anybody but owner and group may write to it (and it is not sticky, as /tmp is).</summary>
    public bool IsWritableByOthers => (Mode & 0x2) != 0 && (Mode & 0x200) == 0;
}
