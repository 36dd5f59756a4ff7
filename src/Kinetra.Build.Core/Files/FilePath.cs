namespace Kinetra.Build.Core.Files;

/// <summary>A path to work with, and the same path as the user wrote it, for messages and outputs.</summary>
/// <param name="Full">The absolute path.</param>
/// <param name="Display">The path as written, usually relative to the project.</param>
public readonly record struct FilePath(string Full, string Display)
{
    /// <summary>Resolves a path as written against a base directory.</summary>
    /// <param name="baseDirectory">Absolute; usually the project's directory.</param>
    /// <param name="path">Absolute, or relative to <paramref name="baseDirectory"/>.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>: empty, or with a NUL in it.</exception>
    public static FilePath Resolve(string baseDirectory, string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
        {
            throw new KinetraException(DiagnosticCodes.UnusablePath, $"\"{path.Replace("\0", "\\0", StringComparison.Ordinal)}\" is not a path. Name a file, relative to the project or absolute.");
        }

        return new FilePath(Path.GetFullPath(path, baseDirectory), path);
    }

    /// <summary>A path below this one.</summary>
    /// <param name="relative">The rest of the path.</param>
    public FilePath Combine(string relative) => new(Path.Combine(Full, relative), Path.Combine(Display, relative));

    /// <summary>The path as the user wrote it.</summary>
    public override string ToString() => Display;
}
