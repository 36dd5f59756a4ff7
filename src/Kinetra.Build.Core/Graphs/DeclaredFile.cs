using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Graphs;

/// <summary>A pattern of files that a step declares, ready to be compared with others.</summary>
internal sealed class DeclaredFile
{
    private readonly FilePattern _pattern;

    private readonly bool _ignoresCase;

    // How many names its paths have: exactly so many, or of a plain one at least; -1 if that differs.
    private readonly int _depth;

    // What its paths end with if they have exactly so many names.
    private readonly string _end;

    private string[]? _segments;

    private bool? _isDirectory;

    /// <summary>Prepares a pattern.</summary>
    /// <param name="step">The index of the step.</param>
    /// <param name="written">The pattern as written.</param>
    /// <param name="pattern">The same taken apart.</param>
    /// <param name="ignoresCase">Whether paths that differ in case only are equal.</param>
    public DeclaredFile(int step, string written, FilePattern pattern, bool ignoresCase)
    {
        (Step, Written, _pattern, _ignoresCase) = (step, written, pattern, ignoresCase);
        Root = Folded(Normal(pattern.Root.Full));
        Key = pattern.IsPlain ? Root : Root + "/" + Folded(Literal(pattern.Segments[0]));
        _depth = Depth(Root, pattern.Segments);
        _end = pattern.IsPlain ? Root : Folded(End(pattern.Segments[^1]));
    }

    /// <summary>The index of the step.</summary>
    public int Step { get; }

    /// <summary>The pattern as written.</summary>
    public string Written { get; }

    /// <summary>
    /// The absolute path before the first wildcard, with <c>/</c> and none at its end; empty for the root of a file system. In one case where the file system
    /// ignores it, so that equal paths are equal texts.
    /// </summary>
    public string Root { get; }

    /// <summary>
    /// What each path that it stands for begins with: <see cref="Root"/>, and the beginning of the first name with a wildcard. If two patterns stand for one
    /// file, one of their keys begins with the other.
    /// </summary>
    public string Key { get; }

    /// <summary>Whether it names one file, or one directory and so all files below it.</summary>
    public bool IsPlain => _pattern.IsPlain;

    /// <summary>
    /// All names of the pattern from the root of the file system on. The last one may be <see cref="FilePattern.AnyDepth"/>, which stands for no name, too, here.
    /// </summary>
    public string[] Segments => _segments ??= Split();

    /// <summary>Whether the file or directory before the first wildcard is that of a plain pattern, or lies below it.</summary>
    /// <param name="directory">A plain pattern.</param>
    public bool IsAtOrBelow(DeclaredFile directory) =>
        Root.StartsWith(directory.Root, StringComparison.Ordinal) && (Root.Length == directory.Root.Length || Root[directory.Root.Length] == '/');

    /// <summary>Whether there may be a path that both stand for.</summary>
    /// <param name="other">Another pattern.</param>
    public bool Overlaps(DeclaredFile other) => (IsPlain, other.IsPlain) switch
    {
        (true, true) => IsAtOrBelow(other) || other.IsAtOrBelow(this),
        (true, false) => OverlapsPattern(other),
        (false, true) => other.OverlapsPattern(this),
        _ => MayOverlap(other) && PatternOverlap.Exists(Segments, other.Segments),
    };

    /// <summary>Whether a pattern with wildcards may stand for the path of a plain one itself, not for what would be below it were it a directory.</summary>
    /// <param name="pattern">A pattern with wildcards.</param>
    public bool IsMatchedBy(DeclaredFile pattern) => MayOverlap(pattern) && PatternOverlap.Exists(Segments.AsSpan()[..^1], pattern.Segments);

    /// <summary>Whether both stand for the same files, however they are written.</summary>
    /// <param name="other">Another pattern.</param>
    public bool IsSame(DeclaredFile other) => Key == other.Key && IsPlain == other.IsPlain && Segments.AsSpan().SequenceEqual(other.Segments);

    /// <summary>
    /// Whether there may be a path that both stand for, told from their number of names and their ends: a first look, which spares the many steps that write
    /// side by side the walk through each two of their patterns.
    /// </summary>
    /// <param name="other">Another pattern; not both are plain.</param>
    public bool MayOverlap(DeclaredFile other)
    {
        if (_depth < 0 || other._depth < 0 || (IsPlain && _depth < other._depth) || (other.IsPlain && other._depth < _depth))
        {
            return true;
        }

        return _depth == other._depth
            && (_end.Length >= other._end.Length ? _end.EndsWith(other._end, StringComparison.Ordinal) : other._end.EndsWith(_end, StringComparison.Ordinal));
    }

    // That a path is a directory is not guessed: otherwise **/*.x would stand for something below every file that a step makes.
    private bool OverlapsPattern(DeclaredFile pattern) =>
        MayOverlap(pattern) && PatternOverlap.Exists(Segments, pattern.Segments) && (pattern.IsAtOrBelow(this) || IsMatchedBy(pattern) || IsDirectory());

    private bool IsDirectory() => _isDirectory ??= EndsAsDirectory(Written) || Directory.Exists(_pattern.Root.Full);

    private static bool EndsAsDirectory(string written)
    {
        ReadOnlySpan<char> last = Path.GetFileName(written.AsSpan());
        return last is "" or "." or "..";
    }

    private string[] Split()
    {
        List<string> segments = [.. Root.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string segment in _pattern.Segments)
        {
            segments.Add(Folded(segment));
        }

        // What is below a directory that is named is meant; "**" at the end means one name at least.
        string last = IsPlain ? "" : _pattern.Segments[^1];
        if (last == FilePattern.AnyDepth)
        {
            segments.Insert(segments.Count - 1, "*");
        }
        else if (!FilePattern.IsWild(last))
        {
            segments.Add(FilePattern.AnyDepth);
        }

        return [.. segments];
    }

    private static string Normal(string full)
    {
        string path = OperatingSystem.IsWindows() ? full.Replace('\\', '/') : full;
        return path.EndsWith('/') ? path.TrimEnd('/') : path;
    }

    // A backslash takes its meaning from the wildcard behind it.
    private static string Literal(string segment) => segment[..segment.AsSpan().IndexOfAny('*', '?', '\\')];

    private static string End(string segment) => segment.Contains('\\') ? "" : segment[(segment.AsSpan().LastIndexOfAny('*', '?') + 1)..];

    private static int Depth(string root, string[] segments)
    {
        if (segments.Length > 0 && !FilePattern.IsWild(segments[^1]))
        {
            return -1;
        }

        int depth = segments.Length;
        foreach (char character in root)
        {
            depth += character == '/' ? 1 : 0;
        }

        foreach (string segment in segments)
        {
            if (segment == FilePattern.AnyDepth)
            {
                return -1;
            }
        }

        return depth;
    }

    private string Folded(string text) => _ignoresCase ? text.ToUpperInvariant() : text;
}
