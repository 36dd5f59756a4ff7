namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Paths as fingerprints name them.</summary>
internal static class ProjectPath
{
    /// <summary>How paths are compared: as the usual file systems of the operating system do.</summary>
    public static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>
    /// The name of a file: relative to the project and with <c>/</c>, so that it is the same wherever the project lies; for one outside, relative or
    /// absolute as it was written.
    /// </summary>
    /// <param name="projectDirectory">Absolute.</param>
    /// <param name="full">The file, absolute.</param>
    /// <param name="written">The path as written.</param>
    public static string Name(string projectDirectory, string full, string written)
    {
        if (full == projectDirectory)
        {
            // The working directory of most steps.
            return ".";
        }

        string relative = Path.GetRelativePath(projectDirectory, full);
        string name = Path.IsPathRooted(written) && !IsInside(relative) ? full : relative;
        return OperatingSystem.IsWindows() ? name.Replace('\\', '/') : name;
    }

    /// <summary>Whether a path is a directory, or lies below it.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="directory">Absolute, without a separator at its end.</param>
    public static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, Comparison) && (path.Length == directory.Length || IsSeparator(path[directory.Length]) || IsSeparator(directory[^1]));

    private static bool IsSeparator(char value) => value == Path.DirectorySeparatorChar || value == Path.AltDirectorySeparatorChar;

    private static bool IsInside(string relative) =>
        !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
