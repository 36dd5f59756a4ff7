namespace Kinetra.Build.Core.Files;

/// <summary>
/// Where the record or the backups of a file lie below a store's directory: the file's directory relative to the project
/// is kept, so that equal names never collide. A file outside the project goes below <c>@root</c> with its whole path;
/// a directory of the project that begins with <c>@</c> gets one more.
/// </summary>
internal static class ProjectRelativePath
{
    /// <summary>The path to use below the store.</summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="path">The file; it need not exist.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>: it cannot be looked at.</exception>
    public static string Of(string projectDirectory, FilePath path)
    {
        // A link and what it points to are one file, with one record.
        string file = path.Full;
        if (!OperatingSystem.IsWindows() && TargetFile.Status(path, follow: false) is { Kind: FileKind.Link } && PosixFile.RealPath(file) is { } target)
        {
            (projectDirectory, file) = (PosixFile.RealPath(projectDirectory) ?? projectDirectory, target);
        }

        string relative = Path.GetRelativePath(projectDirectory, file);
        bool outside = Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (outside)
        {
            return Path.Combine("@root", file.Replace(":", "", StringComparison.Ordinal).TrimStart('/', '\\'));
        }

        return relative[0] == '@' && relative.Contains(Path.DirectorySeparatorChar) ? "@" + relative : relative;
    }
}
