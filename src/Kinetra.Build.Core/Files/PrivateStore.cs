using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>A directory for its owner alone (0700) whose content git ignores.</summary>
internal static class PrivateStore
{
    /// <summary>Creates the directory, unless it exists: then it is the user's, as it is.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="comment">The first line of its <c>.gitignore</c>.</param>
    public static void Ensure(FilePath directory, string comment)
    {
        if (!Directory.Exists(directory.Full))
        {
            NativeFile.CreateDirectory(directory.Full, UnixMode.PrivateDirectory);
            AtomicFile.Write(directory.Combine(".gitignore"), Encoding.UTF8.GetBytes($"{comment}\n*\n"));
        }
    }
}
