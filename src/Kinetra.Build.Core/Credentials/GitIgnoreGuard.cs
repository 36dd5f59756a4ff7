using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Credentials;

/// <summary>
/// Keeps credentials out of commits: says which line a <c>.gitignore</c> lacks, or adds it. Outside of a git work tree
/// nothing is done, and no process is started.
/// </summary>
public sealed class GitIgnoreGuard
{
    private const string FileName = ".gitignore";

    private readonly string _projectDirectory;
    private readonly FilePath? _environmentFile;
    private readonly ChecksumStore _checksums;
    private readonly Git _git;

    /// <summary>Prepares a guard for a project.</summary>
    /// <param name="projectDirectory">The project's directory, absolute.</param>
    /// <param name="environmentFile">The project's environment file; null if it has none.</param>
    /// <param name="checksums">The project's checksums, whose lock a change of <c>.gitignore</c> takes.</param>
    /// <param name="environment">The environment to start git in.</param>
    /// <param name="time">The clock for git's time-out.</param>
    public GitIgnoreGuard(string projectDirectory, FilePath? environmentFile, ChecksumStore checksums, IReadOnlyDictionary<string, string> environment, TimeProvider time) =>
        (_projectDirectory, _environmentFile, _checksums, _git) = (projectDirectory, environmentFile, checksums, new Git(environment, time));

    /// <summary>Looks whether git ignores a file, if that is a <see cref="CredentialsFile"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mode">The mode that is asked for explicitly; null if none is.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>: no file can be there.</exception>
    public GitIgnoreResult Check(FilePath file, UnixFileMode? mode = null)
    {
        if (!CredentialsFile.IsOne(file, _environmentFile, mode))
        {
            return GitIgnoreResult.Nothing;
        }

        string real = RealPath.Of(TargetFile.Resolve(file, out _));
        return Git.WorkTreeOf(real) is { } workTree
            ? Judge(file, real, LineFor(file, real, workTree), note: null)
            : GitIgnoreResult.Nothing;
    }

    /// <summary>
    /// Makes git ignore a file: adds a line to the <c>.gitignore</c> beside the project if the file is below it, else to the
    /// one beside the file; nothing if git ignores the file already.
    /// </summary>
    /// <param name="file">Any file; it need not exist.</param>
    /// <returns>A warning if git does not ignore it nevertheless.</returns>
    /// <exception cref="KinetraException">No file can be there, or the <c>.gitignore</c> cannot be read or written.</exception>
    public GitIgnoreResult Add(FilePath file)
    {
        string real = RealPath.Of(TargetFile.Resolve(file, out _));
        if (Git.WorkTreeOf(real) is not { } workTree)
        {
            return new GitIgnoreResult(Note: $"{file} is in no git work tree: no {FileName} needs a line for it.");
        }

        GitStatus before = _git.Ask(real).Status;
        if (before == GitStatus.Ignored)
        {
            return GitIgnoreResult.Nothing;
        }

        GitIgnoreLine line = LineFor(file, real, workTree);
        bool added = false;
        if (before != GitStatus.Tracked || !_git.WouldIgnore(real))
        {
            // Two builds that add a line each would otherwise lose one.
            using FileLock held = _checksums.Lock();
            added = line.Add();
        }

        return Judge(file, real, line, added ? $"{line.GitIgnore}: added the line {line.Text} for {file}." : null);
    }

    private GitIgnoreResult Judge(FilePath file, string real, GitIgnoreLine line, string? note)
    {
        GitAnswer answer = _git.Ask(real);
        return answer.Status switch
        {
            GitStatus.Ignored => new GitIgnoreResult(Note: note),
            GitStatus.Unknown => new GitIgnoreResult(Note: note, Debug: $"Git could not be asked whether it ignores {file}: {answer.Why}"),
            GitStatus.Tracked => new GitIgnoreResult(Warn($"{file} may hold credentials and is tracked by git: every commit takes its content, whatever {FileName} says. Run: git rm --cached {ShellText.Quote(file.Display)}{(line.IsPresent() || _git.WouldIgnore(real) ? "" : $" ; then {Remedy(line)}")}"), note),
            _ when line.IsPresent() => new GitIgnoreResult(Warn($"{file} may hold credentials and git does not ignore it, though {line.GitIgnore} has the line {line.Text} : another rule takes it back. Remove the rule that this prints: git check-ignore -v --no-index {ShellText.Quote(file.Display)}"), note),
            _ => new GitIgnoreResult(Warn($"{file} may hold credentials and git does not ignore it. To keep it out of commits, {Remedy(line)}"), note),
        };
    }

    private static KinetraException Warn(string message) => new(DiagnosticCodes.NotIgnoredByGit, message);

    private static string Remedy(GitIgnoreLine line) =>
        $"let AtomicWriteFile add a line with GitIgnore=\"true\", or add this one to {line.GitIgnore} yourself: {line.Text}";

    // Beside the project, where people look for it; but a file in a work tree of its own is not concerned by that.
    private GitIgnoreLine LineFor(FilePath file, string real, string workTree)
    {
        string project = RealPath.Of(_projectDirectory);
        string directory = Path.GetDirectoryName(real)!;
        if (IsBelow(project, real) && (project == workTree || IsBelow(workTree, project)))
        {
            return GitIgnoreLine.For(new FilePath(Path.Combine(project, FileName), FileName), Path.GetRelativePath(project, real));
        }

        string display = real == file.Full ? Path.GetDirectoryName(file.Display) ?? "" : directory;
        return GitIgnoreLine.For(new FilePath(Path.Combine(directory, FileName), Path.Combine(display, FileName)), Path.GetFileName(real));
    }

    private static bool IsBelow(string directory, string path)
    {
        string relative = Path.GetRelativePath(directory, path);
        return !Path.IsPathRooted(relative) && relative != "." && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
