using System.Globalization;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Credentials;

/// <summary>
/// Asks git about a file. Only git itself knows: global excludes, <c>info/exclude</c>, nested files and negations all count,
/// and what is tracked is not ignored at all.
/// </summary>
internal sealed class Git
{
    private const string Mark = "KINETRA_GIT_MARK";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // The variables that say where the user's configuration and git's own programs are. All others of git's describe one
    // repository (GIT_DIR, GIT_INDEX_FILE … in a hook, for example), which need not be the file's.
    private static readonly string[] Kept = ["GIT_CONFIG", "GIT_EXEC_PATH", "GIT_DISCOVERY_ACROSS_FILESYSTEM"];

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly TimeProvider _time;

    /// <summary>Prepares to ask.</summary>
    /// <param name="environment">The environment that git gets, but for what describes another repository.</param>
    /// <param name="time">The clock for the time-out.</param>
    public Git(IReadOnlyDictionary<string, string> environment, TimeProvider time) =>
        (_environment, _time) = (environment, time);

    /// <summary>The root of the work tree that a path lies in, found without starting git; null if it lies in none.</summary>
    /// <param name="path">A real path; it need not exist.</param>
    public static string? WorkTreeOf(string path)
    {
        // In the root of a submodule or a linked work tree .git is a file.
        string? directory = Path.GetDirectoryName(path);
        while (directory is not null && !Directory.Exists(Path.Combine(directory, ".git")) && !File.Exists(Path.Combine(directory, ".git")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory;
    }

    /// <summary>What git does with a file.</summary>
    /// <param name="file">A real path; it need not exist.</param>
    public GitAnswer Ask(string file)
    {
        (int? code, string why) = Run(file, "check-ignore", "-q");
        if (code == 0)
        {
            return new GitAnswer(GitStatus.Ignored);
        }

        // 1 is "no"; of a file that is tracked, too.
        if (code == 1)
        {
            (code, why) = Run(file, "--literal-pathspecs", "ls-files", "--error-unmatch");
        }

        return code switch
        {
            0 => new GitAnswer(GitStatus.Tracked),
            1 => new GitAnswer(GitStatus.NotIgnored),
            _ => new GitAnswer(GitStatus.Unknown, why),
        };
    }

    /// <summary>Whether git would ignore a file if that were not tracked.</summary>
    /// <param name="file">A real path; it need not exist.</param>
    public bool WouldIgnore(string file) => Run(file, "check-ignore", "-q", "--no-index").Code == 0;

    private (int? Code, string Why) Run(string file, params ReadOnlySpan<string> command)
    {
        // The file's directory may be yet to be made.
        string directory = Path.GetDirectoryName(file)!;
        while (!Directory.Exists(directory))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        // With "./" in front no name begins as a pathspec with magic does, ":(top)" for example. (check-ignore takes the rest
        // literally, and does not know --literal-pathspecs.)
        string name = "./" + Path.GetRelativePath(directory, file);
        string mark = Guid.NewGuid().ToString("N");
        ProcessSpec spec = new(["git", .. command, "--", name], directory, Environment(mark), $"{Mark}={mark}");
        StepOutput output = new(Stream.Null, [], line: null);
        try
        {
            ProcessResult result = new ProcessRunner(_time).Run(spec, output, new ProcessLimits(Limit, TimeSpan.Zero), CancellationToken.None);
            return result.End == ProcessEnd.Exited
                ? (result.ExitCode, string.Create(CultureInfo.InvariantCulture, $"exit code {result.ExitCode}: {string.Join(' ', output.Tail)}"))
                : (null, string.Create(CultureInfo.InvariantCulture, $"no answer within {Limit.TotalSeconds} s"));
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CannotStart)
        {
            return (null, error.Message);
        }
    }

    private Dictionary<string, string> Environment(string mark)
    {
        Dictionary<string, string> variables = _environment
            .Where(variable => !variable.Key.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase) || Kept.Any(kept => variable.Key.StartsWith(kept, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(VariableNames.Comparer);
        variables[Mark] = mark;
        return variables;
    }
}
