using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>A directory for its owner alone (0700) whose content git ignores.</summary>
internal static class PrivateStore
{
    /// <summary>Creates the directory. One that exists and has something in it is the user's, and left as it is.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="comment">The first line of its <c>.gitignore</c>.</param>
    public static void Ensure(FilePath directory, string comment)
    {
        FilePath ignore = directory.Combine(".gitignore");
        if (NativeFile.Exists(ignore.Full))
        {
            return;
        }

        NativeFile.CreateDirectory(directory.Full, UnixMode.PrivateDirectory);

        // Empty: just created, by this process or by one that was killed before it wrote the file.
        if (!Directory.EnumerateFileSystemEntries(directory.Full).Any(entry => !Path.GetFileName(entry).StartsWith(TemporaryFile.Prefix, StringComparison.Ordinal)))
        {
            AtomicFile.Write(ignore, Encoding.UTF8.GetBytes($"{comment}\n*\n"), UnixMode.Private);
        }
    }

    /// <summary>
    /// Whether somebody else's directory is open to everybody, who could then forge what is read from it. One of our own that is too open is
    /// our business.
    /// </summary>
    /// <param name="directory">The directory.</param>
    public static bool IsUnsafe(FilePath directory) =>
        !OperatingSystem.IsWindows()
        && PosixStatus.Of(directory.Full, follow: true) is { IsWritableByOthers: true } status
        && status.User != PosixFile.EffectiveUser();
}
