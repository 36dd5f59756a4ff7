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
    private readonly IReadOnlyList<FilePattern> _outputs;
    private readonly string _project;
    private readonly HashSet<string> _notScripts = [];

    // Made when the first one is found: most commands name none, and its code would have to be compiled in every build.
    private Dictionary<string, FilePath>? _found;

    private CommandFiles(StepIdentity identity, IReadOnlyList<FilePattern> outputs) =>
        (_identity, _outputs, _project) = (identity, outputs, Path.TrimEndingDirectorySeparator(identity.ProjectDirectory));

    /// <summary>Finds them.</summary>
    /// <param name="identity">The step.</param>
    /// <param name="outputs">Its declared outputs.</param>
    public static IEnumerable<FilePath> Find(StepIdentity identity, IReadOnlyList<FilePattern> outputs)
    {
        CommandFiles files = new(identity, outputs);
        foreach (string path in identity.Written)
        {
            files._notScripts.Add(Path.GetFullPath(path, identity.ProjectDirectory));
        }

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

        return files._found is { } found ? found.Values : [];
    }

    private void AddTargets(IReadOnlyList<string> targets)
    {
        for (int i = 0; i < targets.Count; i++)
        {
            if (Resolve(targets[i]) is { } full)
            {
                _notScripts.Add(full);
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
        if (Resolve(word) is { } full && IsInScope(full)
            && _found?.ContainsKey(full) is not true && !_notScripts.Contains(full) && IsFile(full) && !IsWritten(full))
        {
            (_found ??= [])[full] = new FilePath(full, ProjectPath.Name(_project, full, word));
        }
    }

    // A project to build is meant to be one, wherever it lies.
    private bool IsInScope(string full) =>
        _identity.Work.Kind == WorkKind.Projects || (full.Length > _project.Length && ProjectPath.IsAtOrBelow(full, _project));

    private string? Resolve(string word) => word.Length is 0 or > LongestPath || word[0] == '-' || word.Contains('\0')
        ? null
        : Path.GetFullPath(word, _identity.WorkingDirectory.Full);

    private bool IsWritten(string full) =>
        _outputs.Any(output => output.Matches(full)) || _identity.OwnDirectories.Any(directory => ProjectPath.IsAtOrBelow(full, Path.TrimEndingDirectorySeparator(directory)));

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
