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
    /// <param name="limit">How long it waits at the most.</param>
    /// <param name="time">Measures that.</param>
    /// <returns>The lock, or null if another held it all the while.</returns>
    public static FileLock? TryAcquire(string path, TimeSpan limit, TimeProvider time)
    {
        long start = time.GetTimestamp();
        for (int pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(start) >= limit)
            {
                return null;
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
                // Others may read what it says of its holder, but not open it as here.
                return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }
        }

        return Locked(OpenOrCreate(path), PosixFile.TryLock);
    }

    /// <summary>Locks an open file, and closes it unless it is locked.</summary>
    /// <param name="handle">The lock file.</param>
    /// <param name="tryLock">Locks it; throws where the file system cannot.</param>
    /// <returns>The lock, or null if another holds it.</returns>
    internal static FileLock? Locked(SafeFileHandle handle, Func<SafeFileHandle, bool> tryLock)
    {
        bool locked = false;
        try
        {
            locked = tryLock(handle);
            return locked ? new FileLock(handle) : null;
        }
        finally
        {
            if (!locked)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>Replaces what the lock file says, for others to read while the lock is held (<see cref="NativeFile.ReadAll"/>).</summary>
    /// <param name="content">A few bytes.</param>
    public void Write(ReadOnlySpan<byte> content)
    {
        NativeFile.Write(_handle, content, 0);
        NativeFile.SetLength(_handle, content.Length);
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose()
    {
        // A child that another thread is starting has the file open too until its program is loaded, and closing ours
        // alone would leave it locked until then.
        if (!OperatingSystem.IsWindows() && !_handle.IsClosed)
        {
            PosixFile.Unlock(_handle);
        }

        _handle.Dispose();
    }

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
