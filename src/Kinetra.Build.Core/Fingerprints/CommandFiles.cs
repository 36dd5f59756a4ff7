using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// The files that a command names: regular files inside the project which exist, and are neither declared outputs nor what output is
/// redirected to. They are most likely its scripts. Of a step that builds projects: these.
/// </summary>
internal sealed class CommandFiles
{
    private const int LongestPath = 4096;

    private readonly StepIdentity _identity;
    private readonly string _project;

    // The paths that may be files of the project, each with the word that names it.
    private readonly List<string> _paths = [];
    private readonly List<string> _words = [];
    private List<string>? _targets;

    private CommandFiles(StepIdentity identity) => (_identity, _project) = (identity, Path.TrimEndingDirectorySeparator(identity.ProjectDirectory));

    /// <summary>Reads the command.</summary>
    /// <param name="identity">The step.</param>
    public static CommandFiles Of(StepIdentity identity)
    {
        CommandFiles files = new(identity);
        if (identity.Work.Kind == WorkKind.Command)
        {
            CommandWords words = CommandWords.Split(identity.Work.Texts[0]);
            files.AddTargets(words.RedirectionTargets);
            files.AddAll(words.Words);
        }
        else
        {
            files.AddAll(identity.Work.Texts);
        }

        return files;
    }

    /// <summary>Whether this is about the command of a step.</summary>
    /// <param name="identity">The step.</param>
    public bool IsOf(StepIdentity identity) => ReferenceEquals(identity.Work, _identity.Work) && identity.WorkingDirectory == _identity.WorkingDirectory;

    /// <summary>Whether the command names one of some paths, whether it is there or not.</summary>
    /// <param name="paths">Absolute paths.</param>
    public bool NamesAny(IReadOnlySet<string> paths) => _paths.Exists(paths.Contains);

    /// <summary>Finds the files, as they are now.</summary>
    /// <param name="written">Those that an earlier run saw the command make, relative to the project: they do not count.</param>
    /// <param name="outputs">The step's declared outputs, which do not count either.</param>
    public FilePath[] Find(IReadOnlyList<string> written, IReadOnlyList<FilePattern> outputs)
    {
        // Most commands name no file.
        Dictionary<string, FilePath>? found = null;
        HashSet<string>? made = null;
        for (int i = 0; i < _paths.Count; i++)
        {
            string full = _paths[i];
            if (found?.ContainsKey(full) is true || !IsFile(full) || IsWritten(full, outputs))
            {
                continue;
            }

            made ??= [.. written.Select(path => Path.GetFullPath(path, _identity.ProjectDirectory))];
            if (!made.Contains(full))
            {
                (found ??= [])[full] = new FilePath(full, ProjectPath.Name(_project, full, _words[i]));
            }
        }

        return found is null ? [] : [.. found.Values];
    }

    private void AddTargets(IReadOnlyList<string> targets)
    {
        for (int i = 0; i < targets.Count; i++)
        {
            if (Resolve(targets[i]) is { } full)
            {
                (_targets ??= []).Add(full);
            }
        }
    }

    private void AddAll(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            Add(words[i]);

            // --config=a.json, MODE=x
            int equals = words[i].IndexOf('=');
            if (equals >= 0)
            {
                Add(words[i][(equals + 1)..]);
            }
        }
    }

    private void Add(string word)
    {
        if (Resolve(word) is { } full && IsInScope(full) && _targets?.Contains(full) is not true)
        {
            _paths.Add(full);
            _words.Add(word);
        }
    }

    // A project to build is meant to be one, wherever it lies.
    private bool IsInScope(string full) =>
        _identity.Work.Kind == WorkKind.Projects || (full.Length > _project.Length && ProjectPath.IsAtOrBelow(full, _project));

    private string? Resolve(string word) => word.Length is 0 or > LongestPath || word[0] == '-' || word.Contains('\0')
        ? null
        : Path.GetFullPath(word, _identity.WorkingDirectory.Full);

    private bool IsWritten(string full, IReadOnlyList<FilePattern> outputs) =>
        outputs.Any(output => output.Matches(full)) || _identity.OwnDirectories.Any(directory => ProjectPath.IsAtOrBelow(full, Path.TrimEndingDirectorySeparator(directory)));

    // What cannot be looked at (a name of 300 characters, a directory of somebody else's) is no script that this step could read.
    private static bool IsFile(string full)
    {
        try
        {
            return NativeFile.Status(full) is { Kind: FileKind.File };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
