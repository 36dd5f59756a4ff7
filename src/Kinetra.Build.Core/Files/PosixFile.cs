using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>The POSIX side of <see cref="NativeFile"/>, for Linux and macOS. Each failure is thrown with its errno.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PosixFile
{
    private const int CurrentDirectory = -100;
    private const int ReadWrite = 2;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private const uint RenameNoReplaceLinux = 1;
    private const uint RenameExclusiveMac = 4;
    private const int FullFlushMac = 51;
    private const int CloneLinux = 0x40049409;
    private const uint StartWriting = 2;

    /// <summary>A user or group that stays as it is, for <see cref="TryChangeOwner"/>.</summary>
    public const uint Unchanged = uint.MaxValue;

    // Without O_CLOEXEC every step would inherit the descriptor, and with it the lock.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    // A pipe is opened without waiting for its other end, so that it can be looked at and refused.
    private static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    // man 2 open; O_NOFOLLOW differs between processors.
    private static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000
        : 0x20000;

    private static readonly int CreateExclusive = OperatingSystem.IsMacOS() ? 0xA00 : 0xC0;

    /// <summary>Opens a file or directory for reading.</summary>
    public static SafeFileHandle OpenRead(string path) => Open(path, NonBlocking);

    /// <summary>Opens a file that exists for reading and writing.</summary>
    public static SafeFileHandle OpenReadWrite(string path) => Open(path, ReadWrite | NonBlocking);

    /// <summary>Opens what a crashed writer may have left: never through a link.</summary>
    public static SafeFileHandle OpenLeftover(string path) => Open(path, NoFollow | NonBlocking);

    /// <summary>Creates a file that must not exist, for reading and writing; a link of that name is not followed.</summary>
    [SupportedOSPlatform("linux")]
    public static SafeFileHandle CreateNew(string path, UnixFileMode mode)
    {
        int descriptor;
        while ((descriptor = open(path, ReadWrite | CreateExclusive | NoFollow | CloseOnExec, (uint)mode)) < 0)
        {
            ThrowUnlessInterrupted("open");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Reads what is at an offset.</summary>
    /// <returns>How much was read; 0 at the end.</returns>
    public static unsafe int Read(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        fixed (byte* at = buffer)
        {
            nint count;
            while ((count = OperatingSystem.IsLinux() ? pread64(handle, at, buffer.Length, offset) : pread(handle, at, buffer.Length, offset)) < 0)
            {
                ThrowUnlessInterrupted("read");
            }

            return (int)count;
        }
    }

    /// <summary>Writes all of it at an offset, in several goes if the system takes a part only.</summary>
    public static unsafe void Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, long offset)
    {
        fixed (byte* at = buffer)
        {
            for (int done = 0; done < buffer.Length;)
            {
                nint left = buffer.Length - done;
                nint count = OperatingSystem.IsLinux() ? pwrite64(handle, at + done, left, offset + done) : pwrite(handle, at + done, left, offset + done);
                if (count > 0)
                {
                    done += (int)count;
                }
                else
                {
                    ThrowUnlessInterrupted("write");
                }
            }
        }
    }

    public static void SetLength(SafeFileHandle handle, long length) =>
        Check("ftruncate", () => OperatingSystem.IsLinux() ? ftruncate64(handle, length) : ftruncate(handle, length));

    public static void Flush(SafeFileHandle handle)
    {
        // macOS: fsync leaves the data in the drive's cache; F_FULLFSYNC does not (man 2 fsync). Not every volume has it.
        if (OperatingSystem.IsMacOS() && fcntl(handle, FullFlushMac) == 0)
        {
            return;
        }

        Check("fsync", () => fsync(handle));
    }

    /// <summary>Asks the kernel to begin writing to disk what was written; says nothing of durability, so its result does not matter.</summary>
    public static void StartWriteBack(SafeFileHandle handle, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = sync_file_range(handle, offset, length, StartWriting);
        }
    }

    public static void Rename(string from, string to) => Check("rename", () => rename(from, to));

    public static bool RenameNoReplace(string from, string to)
    {
        int result = OperatingSystem.IsMacOS()
            ? renamex_np(from, to, RenameExclusiveMac)
            : renameat2(CurrentDirectory, from, CurrentDirectory, to, RenameNoReplaceLinux);
        if (result == 0)
        {
            return true;
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case Errno.Exists:
                return false;
            case Errno.Invalid:
                break;
            default:
                throw Errno.LastError("rename");
        }

        // The file system does not know the flag (EINVAL): link fails on a taken name everywhere.
        if (!Link(from, to))
        {
            return false;
        }

        Remove(from);
        return true;
    }

    /// <summary>Gives a file a further name.</summary>
    /// <returns>False if the name is taken.</returns>
    public static bool Link(string from, string to)
    {
        if (link(from, to) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Errno.Exists ? false : throw Errno.LastError("link");
    }

    /// <summary>Removes a file's name.</summary>
    /// <returns>False if there was none.</returns>
    public static bool Remove(string path)
    {
        if (unlink(path) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Errno.NotFound ? false : throw Errno.LastError("unlink");
    }

    public static void SetMode(SafeFileHandle handle, UnixFileMode mode) => Check("fchmod", () => fchmod(handle, (uint)mode));

    /// <summary>Gives an open file to a user and a group, where that is permitted.</summary>
    /// <returns>False if it is not.</returns>
    public static bool TryChangeOwner(SafeFileHandle handle, uint user, uint group)
    {
        if (fchown(handle, user, group) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is Errno.NotPermitted or Errno.Invalid ? false : throw Errno.LastError("fchown");
    }

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

    /// <summary>Tries to take an exclusive flock.</summary>
    /// <returns>False if another holds it.</returns>
    public static bool TryLock(SafeFileHandle handle) => TryLock(handle, LockExclusive);

    /// <summary>
    /// Tries to take a shared flock, which keeps others from an exclusive one. .NET takes a shared one too whenever it opens
    /// a file, so this one does not get in a reader's way.
    /// </summary>
    /// <returns>False if another holds an exclusive one.</returns>
    public static bool TryLockShared(SafeFileHandle handle) => TryLock(handle, LockShared);

    /// <summary>Gives an flock back before its file is closed; an error does not matter, as closing does it too.</summary>
    public static void Unlock(SafeFileHandle handle) => _ = flock(handle, LockRelease);

    /// <summary>Lets an empty file share another's blocks, on file systems that can (btrfs, XFS, bcachefs, APFS not by handle).</summary>
    /// <returns>False if they cannot, or not these two.</returns>
    public static bool TryClone(SafeFileHandle from, SafeFileHandle to)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        return ioctl(to, CloneLinux, from) == 0;
    }

    /// <summary>Copies a piece within the kernel, where the file systems can.</summary>
    /// <returns>The number of bytes copied; null where this is not possible and they are to be read and written.</returns>
    public static unsafe long? TryCopyRange(SafeFileHandle from, SafeFileHandle to, long offset, long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        long source = offset;
        long target = offset;
        nint copied;
        while ((copied = copy_file_range(from, &source, to, &target, (nint)length, 0)) < 0)
        {
            // Not these two files; or something is wrong, and reading and writing will tell with which of them.
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                return null;
            }
        }

        // 0 before the end: some virtual file systems say so of files that can be read well.
        return copied == 0 ? null : copied;
    }

    private static bool TryLock(SafeFileHandle handle, int kind)
    {
        while (flock(handle, kind | LockNonBlocking) != 0)
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
    private static SafeFileHandle Open(string path, int flags)
    {
        int descriptor;
        while ((descriptor = open(path, flags | CloseOnExec)) < 0)
        {
            ThrowUnlessInterrupted("open");
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
        {
            throw Errno.LastError(call);
        }
    }

    private static void Check(string call, Func<int> action)
    {
        while (action() != 0)
        {
            ThrowUnlessInterrupted(call);
        }
    }
}
