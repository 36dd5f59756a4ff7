using System.IO.Enumeration;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>A pattern of declared files, taken apart: a place, and the segments from the first one with <c>*</c> or <c>?</c> on.</summary>
internal sealed class FilePattern
{
    /// <summary>The segment that stands for any number of directories.</summary>
    public const string AnyDepth = "**";

    private FilePattern(FilePath root, string[] segments) => (Root, Segments) = (root, segments);

    /// <summary>The file or directory before the first wildcard, with its name in the fingerprint; that is empty for the project itself.</summary>
    public FilePath Root { get; }

    /// <summary>The rest; empty for a plain path.</summary>
    public string[] Segments { get; }

    /// <summary>Whether it names one file or directory.</summary>
    public bool IsPlain => Segments.Length == 0;

    /// <summary>Takes a pattern apart.</summary>
    /// <param name="projectDirectory">What it is relative to.</param>
    /// <param name="pattern">As written.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>: empty, or with a NUL in it.</exception>
    public static FilePattern Parse(string projectDirectory, string pattern)
    {
        FilePath.Resolve(projectDirectory, pattern);
        string text = OperatingSystem.IsWindows() ? pattern.Replace('\\', '/') : pattern;
        int wildcard = text.AsSpan().IndexOfAny('*', '?');
        int cut = wildcard < 0 ? text.Length : text.LastIndexOf('/', wildcard) + 1;
        string full = FilePath.Resolve(projectDirectory, cut == 0 ? "." : text[..cut]).Full;
        full = Path.TrimEndingDirectorySeparator(full);
        string name = ProjectPath.Name(projectDirectory, full, text);
        string[] segments = text[cut..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new FilePattern(new FilePath(full, name == "." ? "" : name), [.. segments.Where((segment, i) => segment != "." && !(segment == AnyDepth && i > 0 && segments[i - 1] == AnyDepth))]);
    }

    /// <summary>Takes patterns apart.</summary>
    /// <param name="projectDirectory">What they are relative to.</param>
    /// <param name="patterns">As written.</param>
    /// <exception cref="KinetraException">As for <see cref="Parse"/>.</exception>
    public static FilePattern[] ParseAll(string projectDirectory, IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0)
        {
            return [];
        }

        FilePattern[] parsed = new FilePattern[patterns.Count];
        for (int i = 0; i < parsed.Length; i++)
        {
            parsed[i] = Parse(projectDirectory, patterns[i]);
        }

        return parsed;
    }

    /// <summary>Whether a name matches a segment.</summary>
    public static bool IsMatch(string segment, ReadOnlySpan<char> name) =>
        FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: ProjectPath.Comparison == StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a segment has a wildcard.</summary>
    public static bool IsWild(string segment) => segment.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Whether a file is one that the pattern stands for.</summary>
    /// <param name="full">Its absolute path.</param>
    public bool Matches(string full)
    {
        if (!ProjectPath.IsAtOrBelow(full, Root.Full))
        {
            return false;
        }

        return IsPlain || Matches(full[Root.Full.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries), 0, 0);
    }

    private bool Matches(string[] names, int name, int segment)
    {
        if (segment == Segments.Length)
        {
            // What is below a directory that is named; "a/*" means the files in a only.
            return name == names.Length || !IsWild(Segments[^1]);
        }

        if (Segments[segment] == AnyDepth)
        {
            return segment == Segments.Length - 1 ? name < names.Length
                : Matches(names, name, segment + 1) || (name < names.Length && Matches(names, name + 1, segment));
        }

        return name < names.Length && IsMatch(Segments[segment], names[name]) && Matches(names, name + 1, segment + 1);
    }
}
