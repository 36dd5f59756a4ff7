using System.Text.RegularExpressions;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Torture;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// What has to be true of a project folder after an operation was killed, failed or succeeded: looked at through Core, as
/// the next build would, and by the bytes on the disk. Every check returns what is wrong; an empty list is a pass.
/// </summary>
internal sealed partial class Aftermath
{
    private readonly Operation _operation;
    private readonly Workspace _workspace;
    private readonly Scene _scene;
    private readonly List<string> _problems = [];

    private Aftermath(Operation operation, Workspace workspace) => (_operation, _workspace, _scene) = (operation, workspace, workspace.Scene);

    /// <summary>After a kill: nothing is lost, nothing looks like tampering, and the next run completes what was begun.</summary>
    public static IReadOnlyList<string> OfKill(Operation operation, Workspace workspace)
    {
        Aftermath look = new(operation, workspace);
        look.NothingIsLost("after the kill");
        look.AnotherRunCompletes();
        return look._problems;
    }

    /// <summary>After a run to its end, with or without a call that failed.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="workspace">Where.</param>
    /// <param name="run">How it ended and what it said.</param>
    /// <param name="failed">The call that was made to fail; null if none was.</param>
    public static IReadOnlyList<string> OfRun(Operation operation, Workspace workspace, ProcessResult run, SystemCall? failed = null)
    {
        Aftermath look = new(operation, workspace);
        bool removal = failed?.Name is "unlink" or "unlinkat";
        switch (run.ExitCode)
        {
            case 0:
                look.IsDone("after ok", leftovers: removal);
                break;
            case 1 when Coded().IsMatch(run.Output):
                look.NothingIsLost("after the error");
                look.TheErrorSaysWhatIsLeft(run.Output);
                if (!removal)
                {
                    look.HasNoTemporaryFile("after the error");
                }

                break;
            default:
                look._problems.Add($"exit code {run.ExitCode}: {run.Output.Trim()}");
                break;
        }

        look.AnotherRunCompletes(leftovers: removal && operation.WritesOnce);
        return look._problems;
    }

    /// <summary>After a success.</summary>
    public static IReadOnlyList<string> OfSuccess(Operation operation, Workspace workspace)
    {
        Aftermath look = new(operation, workspace);
        look.IsDone("after ok");
        return look._problems;
    }

    private string? Content => File.Exists(_scene.Target.Full) ? File.ReadAllText(_scene.Target.Full) : null;

    private void NothingIsLost(string when)
    {
        string? content = Content;
        if (content != _operation.Old && content != _operation.New)
        {
            _problems.Add($"{when}: the file is {Describe(content)}");
            return;
        }

        HasItsMode(when);
        bool kept = BackupsAreSound(when);
        if (content != _operation.Old && _operation.KeepsOld && !kept)
        {
            _problems.Add($"{when}: the file is new and no backup holds the old content");
        }

        if (_operation.Checksum)
        {
            Verifies(when);
        }
    }

    private void AnotherRunCompletes(bool leftovers = false)
    {
        try
        {
            _operation.Run(_scene);
        }
        catch (Exception error) when (error is KinetraException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            _problems.Add($"the next run fails: {error.Message}");
            return;
        }

        IsDone("after the next run", leftovers);
    }

    private void IsDone(string when, bool leftovers = false)
    {
        if (Content != _operation.New)
        {
            _problems.Add($"{when}: the file is {Describe(Content)}");
        }

        HasItsMode(when);
        bool kept = BackupsAreSound(when);
        if (_operation.KeepsOld && !kept)
        {
            _problems.Add($"{when}: no backup holds the old content");
        }

        if (_operation.Checksum)
        {
            Verifies(when);
            if (_scene.Checksums.Find(_scene.Target) is not { Pending: null })
            {
                _problems.Add($"{when}: the checksum record is not final");
            }
        }

        if (!leftovers)
        {
            HasNoTemporaryFile(when);
            HasOnlyKnownFiles(when);
        }
    }

    private void HasItsMode(string when)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_scene.Target.Full) && File.GetUnixFileMode(_scene.Target.Full) is var mode && mode != Scene.TargetMode)
        {
            _problems.Add($"{when}: the file's mode is {UnixMode.Format(mode)}");
        }
    }

    private void Verifies(string when)
    {
        try
        {
            if (_scene.Integrity.Verify(_scene.Target, null, MissingBaseline.Record, Mismatch.Fail) is { IsValid: false } result)
            {
                _problems.Add($"{when}: a false alarm: {result.Problem?.Code} {result.Problem?.Message}");
            }
        }
        catch (KinetraException error)
        {
            _problems.Add($"{when}: verification fails: {error.Code} {error.Message}");
        }
    }

    // Returns whether the old content is among them.
    private bool BackupsAreSound(string when)
    {
        bool kept = false;
        foreach (BackupRecord record in Listed(when))
        {
            string path = Path.Combine(BackupFolder, record.Backup);
            if (!File.Exists(path))
            {
                _problems.Add($"{when}: the manifest lists {record.Backup}, which does not exist");
                continue;
            }

            if (FileDigest.Compute(new FilePath(path, record.Backup)) != record.Sha256)
            {
                _problems.Add($"{when}: the backup {record.Backup} does not have the content that the manifest gives");
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~UnixMode.Private) != 0)
            {
                _problems.Add($"{when}: the backup {record.Backup} can be read by others");
            }

            kept |= ContentOf(path, record) == TestProject.Sha256(_operation.Old);
        }

        return kept;
    }

    private static string ContentOf(string path, BackupRecord record)
    {
        if (!record.Encrypted)
        {
            return record.Sha256;
        }

        using SafeFileHandle file = NativeFile.OpenRead(path);
        return BackupReader.Digests(file, NativeFile.Status(file).Size, output => new BackupDecryptor(Scene.Key, record.File, record.Sequence, new FilePath(path, record.Backup), output)).Content;
    }

    private void HasNoTemporaryFile(string when)
    {
        foreach (string file in _workspace.Files().Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            _problems.Add($"{when}: {SystemCall.Anonymous(file)} is left");
        }
    }

    private void HasOnlyKnownFiles(string when)
    {
        IReadOnlyList<BackupRecord> listed = Listed(when);
        IReadOnlyList<string> files = _workspace.Files();
        foreach (string file in files.Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            string name = Path.GetFileName(file);
            bool known = file == Scene.TargetName
                || name is ".gitignore" or "checksums.lock" or BackupManifest.FileName or "manifest.lock"
                || file == $"{Scene.StateName}/{Scene.TargetName}.checksum"
                || listed.Any(record => record.Backup == name);
            if (!known)
            {
                _problems.Add(name.EndsWith(".bak", StringComparison.Ordinal) ? $"{when}: no manifest lists {name}" : $"{when}: {file} is left");
            }
        }

        foreach (string store in (string[])[Scene.StateName, Scene.BackupsName])
        {
            if (Directory.Exists(Path.Combine(_scene.Root, store)) && !files.Contains($"{store}/.gitignore"))
            {
                _problems.Add($"{when}: {store} has no .gitignore");
            }
        }

        if (_operation.Backups is { } expected && listed.Count != expected)
        {
            _problems.Add($"{when}: there are {listed.Count} backups, not {expected}");
        }
    }

    // KIN1004 and its like: the file is new although the run failed. Then the message has to say so.
    private void TheErrorSaysWhatIsLeft(string output)
    {
        if (_operation.Old != _operation.New && Content == _operation.New && !Replaced().IsMatch(output))
        {
            _problems.Add($"after the error: the file is new, and the message does not say so: {output.Trim()}");
        }
    }

    private string BackupFolder => Path.Combine(_scene.Root, Scene.BackupsName, Path.GetDirectoryName(Scene.TargetName)!);

    private IReadOnlyList<BackupRecord> Listed(string when)
    {
        try
        {
            return BackupManifest.Read(new FilePath(BackupFolder, Scene.BackupsName)).Records;
        }
        catch (KinetraException error)
        {
            _problems.Add($"{when}: {error.Code} {error.Message}");
            return [];
        }
    }

    private string Describe(string? content) => content switch
    {
        null => "gone",
        "" => "empty",
        _ when content == _operation.Old => "the old one",
        _ when content == _operation.New => "the new one",
        _ => $"neither the old nor the new one ({content.Length} characters)",
    };

    [GeneratedRegex(@"^KIN\d{4}: ")]
    private static partial Regex Coded();

    [GeneratedRegex("KIN1004|(was|is) (replaced|written|restored)")]
    private static partial Regex Replaced();
}
