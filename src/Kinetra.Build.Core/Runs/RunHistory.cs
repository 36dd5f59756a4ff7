using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>Finds the runs of a workflow in a state directory. Only for the holder of the workflow's lock.</summary>
/// <param name="directory">The state directory.</param>
/// <param name="workflow">The workflow's name.</param>
internal sealed class RunHistory(FilePath directory, string workflow)
{
    private readonly List<RecordedRun> _killedBeside = [];

    /// <summary>Runs that went on beside the last one in other nodes of its build, and were killed. Known after <see cref="FindLast"/>.</summary>
    public IReadOnlyList<RecordedRun> KilledBeside => _killedBeside;

    /// <summary>The last run of the workflow; null if there is none.</summary>
    /// <param name="known">Its id, which the lock knows as a rule; null if it does not.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public RecordedRun? FindLast(string? known)
    {
        RecordedRun? last = known is null ? null : Read(known);

        // A run that was killed before it could enter itself, or all of them if the lock file was lost. Names are in the order of
        // time, but for a clock that was set back; the runs' numbers tell.
        string? entered = last?.Run.Id;
        foreach (string id in Ids(directory).Where(id => entered is null || string.CompareOrdinal(id, entered) > 0))
        {
            if (TryRead(id, mayBeDamaged: last is not null) is not { } run || run.Run.Workflow != workflow)
            {
                continue;
            }

            if (run.Run.Number > (last?.Run.Number ?? 0))
            {
                last = run;
            }
            else if (run.Run is { Number: 0, Status: RunStatus.Running } && !RunLock.IsAlive(run.Run.ProcessId))
            {
                _killedBeside.Add(run);
            }
        }

        return last;
    }

    /// <summary>
    /// The run to continue: the last one, if it is unfinished. For a run of the whole workflow, builds of single targets that
    /// continue nothing are passed over, so that a look at one step does not take the place of the run that is to be continued.
    /// </summary>
    /// <param name="last">The last run.</param>
    /// <param name="isPartial">Whether single targets are to be built.</param>
    /// <exception cref="KinetraException">As for <see cref="FindLast"/>.</exception>
    public RecordedRun? FindUnfinished(RecordedRun? last, bool isPartial)
    {
        while (last is { Run: { IsPartial: true, ContinuesId: null } } && !(isPartial && last.IsUnfinished))
        {
            last = last.Run.PreviousId is { } previous ? Read(previous) : null;
        }

        return last is { IsUnfinished: true } ? last : null;
    }

    /// <summary>A run with its steps; null if there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="KinetraException">As for <see cref="FindLast"/>.</exception>
    public RecordedRun? ReadWhole(string id)
    {
        RecordedRun? run = Read(id);
        run?.ReadSteps();
        return run;
    }

    /// <summary>Runs of the workflow, newest first, until there are enough or one cannot be read. Their steps are not read yet.</summary>
    /// <param name="id">The first; null for none.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="bytes">How large their journals may be together.</param>
    public IEnumerable<RecordedRun> Before(string? id, int most, long bytes)
    {
        for (int count = 0; id is not null && count < most; count++)
        {
            RecordedRun? run = null;
            try
            {
                FileInfo journal = new(directory.Combine(id + RunJournal.Extension).Full);
                bytes -= journal.Exists ? journal.Length : 0;
                run = bytes >= 0 ? Read(id) : null;
            }
            catch (KinetraException)
            {
                // They are only to be looked at.
            }

            if (run is null)
            {
                yield break;
            }

            yield return run;
            id = run.Run.PreviousId;
        }
    }

    /// <summary>The ids of all runs with a journal in a directory, newest first by name.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static IReadOnlyList<string> Ids(FilePath directory)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(directory.Full, "*" + RunJournal.Extension)
                    .Select(file => Path.GetFileNameWithoutExtension(file)!)
                    .Where(RunId.IsValid)
                    .OrderDescending(StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The state directory {directory} cannot be read: {Errno.Describe(error)}. If another user made it, give it to yourself (sudo chown -R $USER {ShellText.Quote(directory.Display)}), or choose another one with KinetraStateDirectory.", error);
        }
    }

    private RecordedRun? Read(string id)
    {
        RecordedRun? run = RecordedRun.TryRead(directory, id);
        return run is null || run.Run.Workflow == workflow
            ? run
            : throw new KinetraException(DiagnosticCodes.CorruptState, $"The journal {directory.Combine(id + RunJournal.Extension)} is of the workflow {run.Run.Workflow}, and stands where the last run of {workflow} should be. A run from the start (without KinetraResume) does not need it.");
    }

    private RecordedRun? TryRead(string id, bool mayBeDamaged)
    {
        try
        {
            return RecordedRun.TryRead(directory, id);
        }
        catch (KinetraException) when (mayBeDamaged)
        {
            // Nobody knows of which workflow it is.
            return null;
        }
    }
}
