using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Removes temporary files whose writer was killed. A living writer holds a lock on its file, which the system frees when
/// it dies, so a file whose lock is free belongs to nobody. On Windows, where such a lock would be in the way of the
/// rename, files of an hour ago are taken for left over.
/// </summary>
internal static class Leftovers
{
    private const string Pattern = TemporaryFile.Prefix + "*" + TemporaryFile.Suffix;
    private const long Pause = 60_000;
    private const int NumberLength = 32;

    // To list a directory of 10,000 files takes longer than to write one. So each is looked through once, and again if a
    // process lives on for minutes (a build server).
    private static readonly Dictionary<string, Visit> Seen = [];

    /// <summary>Cleans a directory, unless that was done a moment ago. What cannot be removed stays.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    public static void Remove(string directory) =>
        // A second name means that it was being published by a store, which decides about it.
        Remove(directory, (path, status) => _ = status.Links == 1 && NativeFile.Remove(path));

    /// <summary>Hands out the files that belong to nobody, unless that was done a moment ago.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    /// <param name="remove">Gets path and status, and removes it. It is locked meanwhile.</param>
    public static void Remove(string directory, Action<string, FileStatus> remove)
    {
        if (!IsDue(directory))
        {
            return;
        }

        try
        {
            foreach (string path in Directory.EnumerateFiles(directory, Pattern).Where(path => IsOurs(Path.GetFileName(path))))
            {
                RemoveOne(path, remove);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No directory, or none that may be listed; the write that comes next says so if it matters.
        }
    }

    private static bool IsOurs(string name) =>
        name.Length == TemporaryFile.Prefix.Length + NumberLength + TemporaryFile.Suffix.Length
        && name.AsSpan(TemporaryFile.Prefix.Length, NumberLength).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static bool IsDue(string directory)
    {
        long now = Environment.TickCount64;
        lock (Seen)
        {
            if (Seen.TryGetValue(directory, out Visit? last) && now - last.Time < Pause)
            {
                return false;
            }

            if (Seen.Count > 1000)
            {
                Seen.Clear();
            }

            Seen[directory] = new Visit(now);
            return true;
        }
    }

    // A class: for a number in its place the dictionary's code would have to be compiled in every build.
    private sealed record Visit(long Time);

    private static void RemoveOne(string path, Action<string, FileStatus> remove)
    {
        if (OperatingSystem.IsWindows())
        {
            if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(path) > TimeSpan.FromHours(1))
            {
                remove(path, WindowsFile.Status(path, follow: false) ?? default);
            }
        }
        else if (TryTake(path) is { } handle)
        {
            using (handle)
            {
                remove(path, PosixStatus.Of(handle));
            }
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static SafeFileHandle? TryTake(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = PosixFile.OpenLeftover(path);
            if (PosixFile.TryLock(handle) && PosixStatus.Of(handle) is { Kind: FileKind.File })
            {
                return handle;
            }
        }
        catch (NativeFileException)
        {
            // Finished meanwhile, a link that somebody planted, not ours, or on a file system without locks.
        }

        handle?.Dispose();
        return null;
    }
}
