using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// An exclusive lock between processes (and threads) that the operating system frees when its holder dies. The lock
/// file stays: removing it would let two holders lock two different files of one name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private FileLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock file, created (0600) if needed; its directory exists.</param>
    public static FileLock Acquire(string path)
    {
        for (int pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The lock file, created (0600) if needed; its directory exists.</param>
    /// <returns>The lock, or null if another holds it.</returns>
    public static FileLock? TryAcquire(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
        }

        SafeFileHandle handle = OpenOrCreate(path);
        if (PosixFile.TryLock(handle))
        {
            return new FileLock(handle);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Replaces what the lock file says, for others to read while the lock is held (<see cref="NativeFile.ReadAll"/>).</summary>
    /// <param name="content">A few bytes.</param>
    public void Write(ReadOnlySpan<byte> content)
    {
        NativeFile.Write(_handle, content, 0);
        NativeFile.SetLength(_handle, content.Length);
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => _handle.Dispose();

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static SafeFileHandle OpenOrCreate(string path)
    {
        if (!NativeFile.Exists(path))
        {
            try
            {
                NativeFile.CreateNew(path, UnixMode.Private).Dispose();
            }
            catch (IOException) when (NativeFile.Exists(path))
            {
                // Another process was faster.
            }
        }

        return PosixFile.OpenReadWrite(path);
    }
}
