namespace Kinetra.Build.Core.Tests.Fingerprints;

/// <summary>Puts something in a place that nobody can read, the superuser neither, who may pass over all rights.</summary>
internal static class Unreadable
{
    /// <summary>A regular file each read of which fails (EIO): the beginning of a process's memory, where nothing is.</summary>
    /// <param name="path">The place.</param>
    /// <param name="process">Which process.</param>
    public static void File(string path, string process = "self")
    {
        Platform.RequireLinux();
        System.IO.File.Delete(path);
        System.IO.File.CreateSymbolicLink(path, $"/proc/{process}/mem");
    }

    /// <summary>A link that leads to itself (ELOOP).</summary>
    /// <param name="path">The place, in which a directory stands.</param>
    public static void Directory(string path)
    {
        Platform.RequireUnix();
        System.IO.Directory.Delete(path, recursive: true);
        System.IO.File.CreateSymbolicLink(path, path);
    }
}
