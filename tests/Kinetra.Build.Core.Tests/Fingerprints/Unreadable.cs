using System.Runtime.InteropServices;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Core.Tests.Fingerprints;

/// <summary>Puts something in a place that nobody can read, the superuser neither, who may pass over all rights.</summary>
internal static partial class Unreadable
{
    private const uint Nobody = 65534;

    /// <summary>A regular file each read of which fails (EIO): the beginning of a process's memory, where nothing is.</summary>
    /// <param name="path">The place.</param>
    /// <param name="process">Which process.</param>
    public static void File(string path, string process = "self")
    {
        Platform.RequireLinux();
        System.IO.File.Delete(path);
        System.IO.File.CreateSymbolicLink(path, $"/proc/{process}/mem");
    }

    /// <summary>
    /// A directory that this thread may not list, until the result is disposed of. The superuser may list every one, so
    /// for file systems the thread is somebody else meanwhile (setfsuid(2), which is the thread's own).
    /// </summary>
    /// <param name="folder">The test's folder, which stays readable.</param>
    /// <param name="relative">The directory in it.</param>
    public static IDisposable Directory(TempFolder folder, string relative)
    {
        Platform.RequireLinux();
        for (string path = folder[relative]; path.Length >= folder.Root.Length; path = Path.GetDirectoryName(path)!)
        {
            SetMode(path, path == folder[relative] ? UnixFileMode.None : (UnixFileMode)0b111_101_101);
        }

        bool isSuperuser = Environment.IsPrivilegedProcess;
        if (isSuperuser)
        {
            _ = setfsuid(Nobody);
        }

        return new Undo(() =>
        {
            if (isSuperuser)
            {
                _ = setfsuid(0);
            }

            SetMode(folder[relative], UnixMode.PrivateDirectory);
        });
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, mode);
        }
    }

    [LibraryImport("libc")]
    private static partial int setfsuid(uint user);

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
