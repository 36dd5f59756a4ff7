using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Tool.Projects;

/// <summary>Paths as somebody in the current directory would write them.</summary>
internal static class PathDisplay
{
    /// <summary>The path relative to the current directory if that leads down, or up by no more than two directories; else absolute.</summary>
    /// <param name="full">Absolute.</param>
    public static string Of(string full)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, full);
        string tooFar = string.Join(Path.DirectorySeparatorChar, "..", "..", "..");
        return relative.StartsWith(tooFar, StringComparison.Ordinal) ? full : relative;
    }

    /// <summary>A path to work with and to show.</summary>
    /// <param name="full">Absolute.</param>
    public static FilePath FilePath(string full) => new(full, Of(full));

    /// <summary>A path as the user gave it on the command line.</summary>
    /// <param name="path">As written, relative to the current directory.</param>
    public static FilePath Given(string path) => Core.Files.FilePath.Resolve(Environment.CurrentDirectory, path);
}
