using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// The calls that durable state needs and .NET does not have, or has wrongly: flushing (.NET 10 returns normally when
/// fsync fails on Linux), renaming without a silent copy, renaming onto a free name only, telling a missing file from one
/// that cannot be looked at, locks that die with their holder. One operation, one implementation per operating system;
/// nothing is retried but EINTR, as a failed fsync that is repeated reports success with the data gone. Every failure is
/// an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal static class NativeFile
{
    /// <summary>The status of what a path stands for; null if there is nothing.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link stands for what it points to.</param>
    public static FileStatus? Status(string path, bool follow = true) =>
        OperatingSystem.IsWindows() ? WindowsFile.Status(path, follow) : PosixStatus.Of(path, follow);

    /// <summary>The status of an open file.</summary>
    public static FileStatus Status(SafeFileHandle handle) =>
        OperatingSystem.IsWindows() ? WindowsFile.Status(handle) : PosixStatus.Of(handle);

    /// <summary>Whether there is a file, directory or anything else at a path. Unlike <see cref="File.Exists"/> it does not take an error for a no.</summary>
    public static bool Exists(string path) => Status(path) is not null;

    /// <summary>Opens a file for reading while others may replace or remove it.</summary>
    public static SafeFileHandle OpenRead(string path) => OperatingSystem.IsWindows()
        ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan)
        : PosixFile.OpenRead(path);

    /// <summary>Opens a file that exists for reading and writing.</summary>
    public static SafeFileHandle OpenReadWrite(string path) => OperatingSystem.IsWindows()
        ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
        : PosixFile.OpenReadWrite(path);

    /// <summary>The whole content of a small file; null if there is none. What is no regular file is an error.</summary>
    public static byte[]? ReadAll(string path)
    {
        try
        {
            using SafeFileHandle handle = OpenRead(path);
            FileStatus status = Status(handle);
            if (status.Kind != FileKind.File)
            {
                throw new IOException("something that is no file stands in its place");
            }

            byte[] content = new byte[status.Size];
            int length = ReadFully(handle, content);
            return length == content.Length ? content : content[..length];
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException or NativeFileException { Number: Errno.NotFound or Errno.NotDirectory })
        {
            return null;
        }
    }

    /// <summary>Creates a file that must not exist yet, without following a link of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Its mode, less what the umask takes; ignored on Windows, where the directory's rights are inherited.</param>
    public static SafeFileHandle CreateNew(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            return PosixFile.CreateNew(path, mode);
        }

        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        // An unbuffered stream has nothing of its own: its handle is all there is.
        return new FileStream(path, options).SafeFileHandle;
    }

    /// <summary>Reads what is at an offset.</summary>
    /// <returns>How much was read; 0 at the end.</returns>
    public static int Read(SafeFileHandle handle, Span<byte> buffer, long offset) =>
        OperatingSystem.IsWindows() ? RandomAccess.Read(handle, buffer, offset) : PosixFile.Read(handle, buffer, offset);

    /// <summary>Reads from the beginning until the buffer is full or the file ends.</summary>
    /// <returns>How much was read.</returns>
    public static int ReadFully(SafeFileHandle handle, Span<byte> buffer)
    {
        int length = 0;
        for (int count; length < buffer.Length && (count = Read(handle, buffer[length..], length)) > 0; length += count)
        {
        }

        return length;
    }

    /// <summary>Writes all of it at an offset.</summary>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, long offset)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.Write(handle, buffer, offset);
        }
        else
        {
            PosixFile.Write(handle, buffer, offset);
        }
    }

    /// <summary>Cuts a file, or fills it up with zeros.</summary>
    public static void SetLength(SafeFileHandle handle, long length)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.SetLength(handle, length);
        }
        else
        {
            PosixFile.SetLength(handle, length);
        }
    }

    /// <summary>Makes the content of an open file durable.</summary>
    public static void Flush(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.Flush(handle);
        }
        else
        {
            PosixFile.Flush(handle);
        }
    }

    /// <summary>Makes the names in a directory durable. NTFS journals its names; there is no such call on Windows.</summary>
    public static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            using SafeFileHandle handle = PosixFile.OpenRead(directory);
            PosixFile.Flush(handle);
        }
    }

    /// <summary>Lets the disk begin with what was written, so that a later <see cref="Flush"/> has less to wait for.</summary>
    public static void StartWriteBack(SafeFileHandle handle, long offset, long length)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFile.StartWriteBack(handle, offset, length);
        }
    }

    /// <summary>Atomically puts a file in the place of another; a reader sees one or the other. Never copies.</summary>
    public static void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.Move(from, to, replace: true);
        }
        else
        {
            PosixFile.Rename(from, to);
        }
    }

    /// <summary>Renames onto a name that is free.</summary>
    /// <returns>False if the name is taken; then nothing has changed.</returns>
    public static bool RenameNoReplace(string from, string to) =>
        OperatingSystem.IsWindows() ? WindowsFile.Move(from, to, replace: false) : PosixFile.RenameNoReplace(from, to);

    /// <summary>Removes a file.</summary>
    /// <returns>False if there was none.</returns>
    public static bool Remove(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixFile.Remove(path);
        }

        bool exists = File.Exists(path);
        File.Delete(path);
        return exists;
    }

    /// <summary>Creates a directory and its parents, each of them durable in its parent.</summary>
    /// <param name="directory">The directory; nothing happens if it exists.</param>
    /// <param name="mode">The mode of the directory itself if it is created; null, and its parents in any case: as the umask says.</param>
    public static void CreateDirectory(string directory, UnixFileMode? mode = null)
    {
        if (Status(directory) is { Kind: FileKind.Directory })
        {
            return;
        }

        string? parent = Path.GetDirectoryName(directory);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory, bits);
        }
        else
        {
            Directory.CreateDirectory(directory);
        }

        if (parent is not null)
        {
            FlushDirectory(parent);
        }
    }
}
