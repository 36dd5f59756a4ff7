using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// The runs in a state directory, for whoever only looks: nothing is created or changed, and no lock is kept. A run may begin, end or be
/// removed meanwhile.
/// </summary>
public sealed class RunArchive
{
    private readonly FilePath _directory;
    private readonly string? _projectDirectory;

    /// <summary>Opens the archive.</summary>
    /// <param name="directory">The state directory. It need not exist.</param>
    /// <param name="projectDirectory">What paths of logs are relative to, absolute; null to find it above the state directory.</param>
    public RunArchive(FilePath directory, string? projectDirectory = null) => (_directory, _projectDirectory) = (directory, projectDirectory);

    /// <summary>The state directory.</summary>
    public FilePath Directory => _directory;

    /// <summary>The ids of all runs, newest first by name.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>: the directory cannot be read.</exception>
    public IReadOnlyList<string> Ids() => System.IO.Directory.Exists(_directory.Full) ? RunHistory.Ids(_directory) : [];

    /// <summary>Reads a run, without its steps until they are asked for.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Null if there is no such run.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public ArchivedRun? Find(string id) =>
        RunId.IsValid(id) && RecordedRun.TryRead(_directory, id) is { } run ? new ArchivedRun(_directory, _projectDirectory, run) : null;

    /// <summary>
    /// The last run of a workflow, by the runs' numbers: the clock may have been set back. Runs that cannot be read are passed over.
    /// </summary>
    /// <param name="workflow">The workflow's name; null for that of the run with the newest id.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="KinetraException">As for <see cref="Ids"/>; the error of the newest run if no run can be read.</exception>
    public ArchivedRun? Last(string? workflow = null)
    {
        KinetraException? first = null;
        foreach (string id in Ids())
        {
            try
            {
                if (Find(id) is not { } newest || (workflow is not null && newest.Workflow != workflow))
                {
                    continue;
                }

                return Later(newest) ?? newest;
            }
            catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptState or DiagnosticCodes.FileUnreadable)
            {
                first ??= error;
            }
        }

        return first is null ? null : throw first;
    }

    /// <summary>Who runs a workflow now, according to its lock.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <returns>Null if nobody does.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public LockHolder? Holder(string workflow)
    {
        FilePath file = RunLock.FileOf(_directory, workflow);
        try
        {
            if (!IsLocked(file))
            {
                return null;
            }

            RunHolder? holder = RunHolder.Parse(NativeFile.ReadAll(file.Full));
            return new LockHolder(file, holder is { IsHeld: true } ? holder.ProcessId : null, holder?.Host, holder is { IsHeld: true, IsAnnounced: true } ? holder.RunId : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The lock file {file} cannot be looked at: {Errno.Describe(error)}.", error);
        }
    }

    /// <summary>Whether the directory belongs to another user and everybody may write to it.</summary>
    public bool IsOpenToOthers => System.IO.Directory.Exists(_directory.Full) && PrivateStore.IsUnsafe(_directory);

    /// <summary>Whether a lock in a directory keeps a second one out, tried with a file that is removed again.</summary>
    /// <param name="directory">An existing directory, absolute.</param>
    /// <exception cref="IOException">No lock can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static bool LocksWork(string directory)
    {
        string trial = Path.Combine(directory, $"{TemporaryFile.Prefix}{Guid.NewGuid():N}.tmp");
        try
        {
            using FileLock? one = FileLock.TryAcquire(trial);
            using FileLock? two = FileLock.TryAcquire(trial);
            return one is not null && two is null;
        }
        finally
        {
            NativeFile.Remove(trial);
        }
    }

    // What the lock file knows may be later than what has the later name, if it can be read.
    private ArchivedRun? Later(ArchivedRun than)
    {
        try
        {
            return RunLock.LastRunIn(_directory, than.Workflow) is { } known && known != than.Id && Find(known) is { } run && run.Workflow == than.Workflow && run.Number > than.Number ? run : null;
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptState or DiagnosticCodes.FileUnreadable)
        {
            return null;
        }
    }

    // To try is the only way to know. It is held for a moment then, for which a run that begins waits.
    internal static bool IsLocked(FilePath file)
    {
        if (!NativeFile.Exists(file.Full))
        {
            return false;
        }

        using FileLock? free = FileLock.TryAcquire(file.Full);
        return free is null;
    }
}

/// <summary>Who holds the lock of a workflow.</summary>
/// <param name="File">The lock file.</param>
/// <param name="ProcessId">The process; null if it has not said so yet.</param>
/// <param name="Host">Its machine; null as above.</param>
/// <param name="RunId">The run; null if it has not begun yet.</param>
public sealed record LockHolder(FilePath File, int? ProcessId, string? Host, string? RunId);
