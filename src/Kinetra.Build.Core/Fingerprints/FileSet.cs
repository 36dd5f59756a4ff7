using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// The files that patterns stand for. Links to directories are followed, but not in circles; temporary files of atomic writes do
/// not count, nor does what is no regular file, nor what version control keeps (<c>.git</c> and the like) unless a pattern names it. (These lines of our own rather than FileSystemGlobbing: that knows no <c>?</c>, does not say what
/// it does with links, and is one more assembly in the build's process.)
/// </summary>
public static class FileSet
{
    /// <summary>Finds the files.</summary>
    /// <param name="projectDirectory">What patterns are relative to, absolute.</param>
    /// <param name="patterns">The patterns, as <see cref="StepIdentity"/> says.</param>
    /// <param name="ownDirectories">Absolute directories to pass over, unless a pattern names something in them.</param>
    /// <param name="missing">Is told each plain path that does not exist, as written; null to let them be.</param>
    /// <returns>
    /// The files, each once, ordered by name: relative to the project with <c>/</c>, or as written for one outside (<see cref="FilePath.Display"/>). A device or
    /// pipe may be among them.
    /// </returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileUnreadable"/>: a directory cannot be listed; <see cref="DiagnosticCodes.UnusablePath"/>: a pattern is empty, or names a device.
    /// </exception>
    public static FilePath[] Expand(string projectDirectory, IReadOnlyList<string> patterns, IReadOnlyList<string> ownDirectories, Action<string>? missing = null)
    {
        if (patterns.Count == 0)
        {
            return [];
        }

        FileWalk walk = new(ownDirectories);
        foreach (string pattern in patterns)
        {
            FilePattern parsed = FilePattern.Parse(projectDirectory, pattern);
            if (!parsed.IsPlain)
            {
                walk.Match(parsed.Root, parsed.Segments);
            }
            else if (!walk.AddNamed(parsed.Root))
            {
                missing?.Invoke(pattern);
            }
        }

        return walk.Sorted();
    }
}
