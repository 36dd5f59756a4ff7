using System.Globalization;
using System.Text.RegularExpressions;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>One system call, as strace logged it.</summary>
/// <param name="Thread">The thread that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments, file descriptors with their paths.</param>
/// <param name="Result">What it returned; <c>?</c> if it never did.</param>
/// <param name="Ordinal">How many calls of that name the thread has made, this one included: what strace's <c>when=</c> counts.</param>
internal sealed partial record SystemCall(int Thread, string Name, string Arguments, string Result, int Ordinal)
{
    private static readonly HashSet<string> Writing =
    [
        "write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "truncate", "fallocate", "copy_file_range", "sendfile",
        "fchmod", "chmod", "fchmodat", "fchown", "chown", "fchownat", "fsetxattr", "setxattr", "utimensat", "ioctl",
    ];

    private static readonly HashSet<string> Naming =
    [
        "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "symlink", "symlinkat",
    ];

    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => Result.Length > 0 && char.IsAsciiDigit(Result[0]);

    /// <summary>Whether strace tampered with it.</summary>
    public bool Injected => Result.EndsWith("(INJECTED)", StringComparison.Ordinal);

    /// <summary>Whether it opens a file for writing or creates it.</summary>
    public bool OpensForWriting => Name is "open" or "openat" or "creat" && OpenFlags().IsMatch(Arguments);

    /// <summary>Whether it changes what is in a file, or who may read it.</summary>
    public bool Writes => Writing.Contains(Name);

    /// <summary>Whether it makes something durable.</summary>
    public bool Flushes => Name is "fsync" or "fdatasync";

    /// <summary>Whether the disk may be different after it. Killing before a call that changes nothing leaves what the next point leaves.</summary>
    public bool Changes => Writes || Flushes || OpensForWriting || Naming.Contains(Name);

    /// <summary>The paths in its arguments, by name and by descriptor, in their order.</summary>
    public IReadOnlyList<string> Paths() => [.. PathForms().Matches(Arguments).Select(match => match.Groups["path"].Value)];

    /// <summary>The flags of an open, such as <c>O_RDWR|O_CREAT</c>.</summary>
    public string Flags() => AnyFlags().Match(Arguments).Value;

    /// <summary>The call in a form that is the same in every run: paths below the folder, temporary names without their random part.</summary>
    /// <param name="root">The folder.</param>
    public string Describe(string root)
    {
        IEnumerable<string> paths = Paths().Where(path => IsIn(path, root)).Select(path => Anonymous(path[root.Length..].TrimStart('/')));
        return $"{Name} {string.Join(" → ", paths.Select(path => path.Length == 0 ? "." : path).Distinct())} {Flags()}".TrimEnd();
    }

    /// <summary>Whether it touches a folder.</summary>
    /// <param name="root">The folder.</param>
    public bool Touches(string root) => Arguments.Contains(root, StringComparison.Ordinal) && Paths().Any(path => IsIn(path, root));

    /// <summary>Reads a log of <c>strace -f -y -o</c>. A call that was interrupted by another thread's is put together again.</summary>
    /// <param name="lines">Its lines.</param>
    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        List<SystemCall> calls = [];
        Dictionary<int, string> unfinished = [];
        Dictionary<(int, string), int> counts = [];
        foreach (string line in lines)
        {
            if (Line().Match(line) is not { Success: true } match)
            {
                continue;
            }

            int thread = int.Parse(match.Groups["thread"].Value, CultureInfo.InvariantCulture);
            string text = match.Groups["text"].Value;
            if (Resumed().Match(text) is { Success: true } resumed)
            {
                text = unfinished.Remove(thread, out string? begun) ? begun + resumed.Groups["rest"].Value : "";
            }
            else if (Unfinished().Match(text) is { Success: true } cut)
            {
                unfinished[thread] = cut.Groups["begun"].Value;
                continue;
            }

            Add(thread, text);
        }

        // What was killed inside a call never comes back.
        foreach ((int thread, string begun) in unfinished)
        {
            Add(thread, begun + ") = ?");
        }

        return calls;

        void Add(int thread, string text)
        {
            if (Whole().Match(text) is not { Success: true } whole)
            {
                return;
            }

            string name = whole.Groups["name"].Value;
            int ordinal = counts[(thread, name)] = counts.GetValueOrDefault((thread, name)) + 1;
            calls.Add(new SystemCall(thread, name, whole.Groups["arguments"].Value, whole.Groups["result"].Value.Trim(), ordinal));
        }
    }

    /// <summary>A path without what is random in it.</summary>
    public static string Anonymous(string path) => RandomName().Replace(path, ".kinetra-*.tmp");

    private static bool IsIn(string path, string root) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');

    [GeneratedRegex(@"^(?<thread>\d+) +(?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(?<rest>.*)$")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<begun>.*?),? *<unfinished \.\.\.>$")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\) += (?<result>.*)$")]
    private static partial Regex Whole();

    [GeneratedRegex("(?:\\d|AT_FDCWD)<(?<path>/[^>]*)>|(?<![\\w.])\"(?<path>/[^\"]*)\"")]
    private static partial Regex PathForms();

    [GeneratedRegex(@"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")]
    private static partial Regex OpenFlags();

    [GeneratedRegex(@"O_[A-Z_|O]+")]
    private static partial Regex AnyFlags();

    [GeneratedRegex(@"\.kinetra-[0-9a-f]+\.tmp")]
    private static partial Regex RandomName();
}
