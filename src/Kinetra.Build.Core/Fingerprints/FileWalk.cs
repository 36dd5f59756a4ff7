using System.IO.Enumeration;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Walks through directories and gathers the files that match. Used once, by one thread.</summary>
/// <param name="ownDirectories">Absolute directories to pass over.</param>
internal sealed class FileWalk(IReadOnlyList<string> ownDirectories)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    // What version control keeps of its own is nobody's input, and least of all an output that the cache may put back.
    private static readonly string[] Repositories = [".git", ".hg", ".svn", ".jj"];

    private readonly Dictionary<string, string> _found = new(StringComparer.Ordinal);

    // The real directories of the links that led to where the walk is.
    private readonly List<string> _jumps = [];

    /// <summary>What was found, ordered by name.</summary>
    public FilePath[] Sorted()
    {
        FilePath[] files = new FilePath[_found.Count];
        int count = 0;
        foreach ((string name, string full) in _found)
        {
            files[count++] = new FilePath(full, name);
        }

        Array.Sort(files, (left, right) => string.CompareOrdinal(left.Display, right.Display));
        return files;
    }

    /// <summary>Adds a file, or all files below a directory.</summary>
    /// <returns>False if there is nothing.</returns>
    public bool AddNamed(FilePath path)
    {
        switch (TargetFile.Status(path)?.Kind)
        {
            case null:
                return false;
            case FileKind.Directory:
                Match(path, [FilePattern.AnyDepth]);
                return true;
            case var kind:
                TargetFile.Refuse(path, kind.Value);
                _found[path.Display] = path.Full;
                return true;
        }
    }

    /// <summary>Adds the files below a directory that match.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    /// <param name="segments">What remains of the pattern, one segment at least.</param>
    public void Match(FilePath directory, ReadOnlySpan<string> segments)
    {
        string segment = segments[0];
        bool isLast = segments.Length == 1;
        bool anyDepth = segment == FilePattern.AnyDepth;
        if (!FilePattern.IsWild(segment))
        {
            FilePath named = Below(directory, segment);
            if (isLast)
            {
                AddNamed(named);
            }
            else
            {
                Match(named, segments[1..]);
            }

            return;
        }

        if (anyDepth && !isLast)
        {
            Match(directory, segments[1..]);
        }

        foreach (Entry entry in Entries(directory))
        {
            if (!anyDepth && !FilePattern.IsMatch(segment, entry.Name))
            {
                continue;
            }

            // Also a file, in a work tree or a submodule.
            if (Array.IndexOf(Repositories, entry.Name) >= 0)
            {
                continue;
            }

            FilePath path = Below(directory, entry.Name);
            if (!entry.IsDirectory)
            {
                if (isLast && !IsTemporary(entry.Name))
                {
                    _found[path.Display] = path.Full;
                }
            }
            else if ((anyDepth || !isLast) && !IsOwn(path.Full))
            {
                Enter(directory, path, entry.IsLink, anyDepth ? segments : segments[1..]);
            }
        }
    }

    private void Enter(FilePath directory, FilePath path, bool isLink, ReadOnlySpan<string> segments)
    {
        if (!isLink)
        {
            Match(path, segments);
            return;
        }

        // A link back to a directory on the way here, or above one, would lead here again.
        string target = RealPath.Of(path.Full);
        _jumps.Add(RealPath.Of(directory.Full));
        if (!_jumps.Exists(jump => ProjectPath.IsAtOrBelow(jump, target)))
        {
            Match(path, segments);
        }

        _jumps.RemoveAt(_jumps.Count - 1);
    }

    private static List<Entry> Entries(FilePath directory)
    {
        try
        {
            return [.. new FileSystemEnumerable<Entry>(directory.Full, Entry.Of, Everything)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (IOException) when (TargetFile.Status(directory) is null or { Kind: not FileKind.Directory })
        {
            // A file where the pattern has a directory.
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string which = directory.Display.Length == 0 ? "of the project" : directory.Display;
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The directory {which} cannot be read: {Errno.Describe(error)}.", error);
        }
    }

    private static FilePath Below(FilePath directory, string name) =>
        new(Path.Join(directory.Full, name), directory.Display.Length == 0 ? name : directory.Display.EndsWith('/') ? directory.Display + name : $"{directory.Display}/{name}");

    private static bool IsTemporary(string name) =>
        name.StartsWith(TemporaryFile.Prefix, StringComparison.Ordinal) && name.EndsWith(TemporaryFile.Suffix, StringComparison.Ordinal);

    private bool IsOwn(string path)
    {
        for (int i = 0; i < ownDirectories.Count; i++)
        {
            if (path.Equals(Path.TrimEndingDirectorySeparator(ownDirectories[i]), ProjectPath.Comparison))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Entry(string Name, bool IsDirectory, bool IsLink)
    {
        // Of a link, whether it leads to a directory. The attributes cost a look at the file, so they are asked for where they matter.
        public static Entry Of(ref FileSystemEntry entry) =>
            new(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) != 0);
    }
}
