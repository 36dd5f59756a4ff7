namespace Kinetra.Build.Core.Files;

/// <summary>Where a path really is, all symbolic links followed.</summary>
internal static class RealPath
{
    /// <summary>The real path of what exists of a path, with the rest behind it as it is.</summary>
    /// <param name="path">Absolute.</param>
    public static string Of(string path)
    {
        string missing = "";
        for (string existing = path; ; existing = Path.GetDirectoryName(existing)!)
        {
            if (Existing(existing) is { } real)
            {
                return Path.TrimEndingDirectorySeparator(Path.Join(real, missing));
            }

            missing = Path.Join(Path.GetFileName(existing), missing);
        }
    }

    // Windows has no call for the whole of it that .NET offers: the last link alone is followed there.
    private static string? Existing(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixFile.RealPath(path);
        }

        try
        {
            return new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
