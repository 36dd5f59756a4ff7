using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>
/// Where the outputs of a step really are. A file that is put back by way of a link that meanwhile leads elsewhere would replace one that is nobody's output.
/// </summary>
/// <param name="projectDirectory">What paths are relative to, absolute.</param>
public sealed class OutputPlaces(string projectDirectory)
{
    private readonly string _real = RealPath.Of(projectDirectory);

    /// <summary>The file of a path.</summary>
    /// <param name="path">As <see cref="CachedOutput.Path"/>.</param>
    public FilePath FileOf(string path) => FilePath.Resolve(projectDirectory, path);

    /// <summary>Where a file really is, relative to the project with <c>/</c> if it is below that; null if that is where its path says.</summary>
    /// <param name="path">As <see cref="CachedOutput.Path"/>; it need not exist.</param>
    public string? Of(string path)
    {
        string real = RealPath.Of(FileOf(path).Full);
        if (real == Path.GetFullPath(path, _real))
        {
            return null;
        }

        string relative = Path.GetRelativePath(_real, real);
        return Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal) ? real : relative.Replace(Path.DirectorySeparatorChar, '/');
    }
}
