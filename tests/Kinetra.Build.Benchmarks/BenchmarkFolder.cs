using System.Runtime.InteropServices;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Benchmarks;

/// <summary>A new folder on the disk that is measured. Removed at the end.</summary>
internal sealed partial class BenchmarkFolder : IDisposable
{
    private readonly SafeFileHandle _handle;

    private BenchmarkFolder(string root)
    {
        Root = root;

        // Any file will do: syncfs is about the file system that it lies on.
        _handle = File.OpenHandle(Path.Combine(root, "anchor"), FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>A path in the folder.</summary>
    /// <param name="relative">Its path below the folder.</param>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Creates a folder.</summary>
    /// <param name="parent">Where.</param>
    /// <param name="needed">Bytes that must be free there, so that no other user of the disk suffers.</param>
    /// <exception cref="InvalidOperationException">The disk is too full, or there is no disk below.</exception>
    public static BenchmarkFolder Create(string parent, long needed)
    {
        DriveInfo drive = new(Path.GetFullPath(parent));
        if (drive.DriveFormat is "tmpfs" or "ramfs")
        {
            throw new InvalidOperationException($"{parent} is in memory ({drive.DriveFormat}), where a flush costs nothing. Name a folder on a disk as the last argument.");
        }

        if (drive.AvailableFreeSpace < needed)
        {
            throw new InvalidOperationException($"{parent} has {drive.AvailableFreeSpace >> 20} MiB free, and {needed >> 20} are needed. Name a folder on another disk as the last argument.");
        }

        string root = Path.Combine(Path.GetFullPath(parent), $".kinetra-benchmark-{Guid.NewGuid():N}");
        Directory.CreateDirectory(root);
        return new BenchmarkFolder(root);
    }

    /// <summary>A file of random bytes, on the disk and in the page cache.</summary>
    /// <param name="relative">Its path below the folder.</param>
    /// <param name="size">In bytes, a multiple of 1 MiB.</param>
    public FilePath RandomFile(string relative, long size)
    {
        byte[] piece = new byte[1 << 20];
        Random random = new(1);
        using FileStream file = File.Create(this[relative]);
        for (long written = 0; written < size; written += piece.Length)
        {
            random.NextBytes(piece);
            file.Write(piece);
        }

        file.Flush();
        Settle();
        return FilePath.Resolve(Root, relative);
    }

    /// <summary>Writes everything that the file system still holds in memory, so that it does not hit what is timed next.</summary>
    public void Settle()
    {
        if (syncfs(_handle) != 0)
        {
            throw new IOException($"syncfs failed: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);
}
