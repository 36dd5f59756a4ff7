using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// The calls that durable state needs and .NET does not have, or has wrongly: flushing (.NET 10 returns normally when
/// fsync fails on Linux), renaming without a silent copy, renaming onto a free name only, locks that die with their holder.
/// One operation, one implementation per operating system; nothing is retried but EINTR, as a failed fsync that is
/// repeated reports success with the data gone.
/// </summary>
internal static class NativeFile
{
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
            PosixFile.FlushDirectory(directory);
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

    /// <summary>Creates a file that must not exist yet, without following a link of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Its mode, less what the umask takes; ignored on Windows, where the directory's rights are inherited.</param>
    public static FileStream CreateNew(string path, UnixFileMode mode)
    {
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

        return new FileStream(path, options);
    }

    /// <summary>Opens a file for reading while others may replace or remove it.</summary>
    public static SafeFileHandle OpenRead(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);

    /// <summary>Creates a directory and its parents, each of them durable in its parent.</summary>
    /// <param name="directory">The directory; nothing happens if it exists.</param>
    /// <param name="mode">The mode of the directory itself if it is created; null, and its parents in any case: as the umask says.</param>
    public static void CreateDirectory(string directory, UnixFileMode? mode = null)
    {
        if (Directory.Exists(directory))
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
