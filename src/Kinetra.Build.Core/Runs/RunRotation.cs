using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Removes what old runs have left: <c>workflow_{id}.log</c>, <c>workflow_{id}.html</c> and the folder <c>{id}</c> in the log directory, <c>{id}.json</c> and
/// <c>{id}.journal</c> in the state directory. A run that goes on or could be continued stays, and so does whatever has no journal
/// or log of ours beside it.
/// </summary>
internal static class RunRotation
{
    /// <summary>What the names of a run's log and report begin with.</summary>
    public const string Prefix = "workflow_";

    /// <summary>What the name of a report ends with.</summary>
    public const string ReportExtension = ".html";

    /// <summary>Removes the oldest beyond the number to keep.</summary>
    /// <param name="logs">The log directory.</param>
    /// <param name="states">The state directory.</param>
    /// <param name="keep">1 or more, the current run included.</param>
    /// <param name="current">The current run, which stays, though the clock may have been set back.</param>
    /// <returns>The ids of the runs that were removed.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.LogNotRemoved"/>: a warning; the run goes on.</exception>
    public static IReadOnlyList<string> Apply(FilePath logs, FilePath states, int keep, string current)
    {
        string[] expired =
        [
            .. Directory.EnumerateFiles(logs.Full, Prefix + "*")
                .Where(file => Path.GetExtension(file) is ".log" or ReportExtension)
                .Select(file => Path.GetFileNameWithoutExtension(file)[Prefix.Length..])
                .Where(RunId.IsValid)
                .Union(RunHistory.Ids(states))
                .Where(id => id != current)
                .OrderDescending(StringComparer.Ordinal)
                .Skip(keep - 1)
                .Where(id => !CouldBeContinued(states, id)),
        ];
        foreach (string id in expired)
        {
            Remove(logs, states, id);
        }

        return expired;
    }

    // The workflow's lock file knows its last run, and each run the one before it. Nothing behind a whole run is continued.
    private static bool CouldBeContinued(FilePath states, string id)
    {
        try
        {
            if (RecordedRun.TryRead(states, id) is not { IsUnfinished: true } run)
            {
                return false;
            }

            // One that goes on beside this one, in another node of the build.
            if (run.Run.Status == RunStatus.Running && run.Run.Host == Environment.MachineName && RunLock.IsAlive(run.Run.ProcessId))
            {
                return true;
            }

            string? next = RunHolder.Parse(NativeFile.ReadAll(RunLock.FileOf(states, run.Run.Workflow).Full))?.RunId;
            while (next is not null && next != id)
            {
                RunRecord? newer = RecordedRun.TryRead(states, next)?.Run;
                next = newer is { IsPartial: true, ContinuesId: null } ? newer.PreviousId : null;
            }

            return next == id;
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptState)
        {
            return false;
        }
        catch (Exception error) when (error is KinetraException { Code: DiagnosticCodes.FileUnreadable } or IOException or UnauthorizedAccessException)
        {
            // Nobody knows, so it stays.
            return true;
        }
    }

    private static void Remove(FilePath logs, FilePath states, string id)
    {
        try
        {
            string outputs = logs.Combine(id).Full;
            if (Directory.Exists(outputs))
            {
                Directory.Delete(outputs, recursive: true);
            }

            File.Delete(logs.Combine($"{Prefix}{id}.log").Full);
            File.Delete(logs.Combine($"{Prefix}{id}{ReportExtension}").Full);

            // The journal last: without it the state file would be nobody's, and stay.
            string journal = states.Combine(id + RunJournal.Extension).Full;
            if (NativeFile.Exists(journal))
            {
                File.Delete(states.Combine(id + ".json").Full);
                File.Delete(journal);
            }
        }
        catch (Exception error) when (error is DirectoryNotFoundException)
        {
            // Another build was faster.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.LogNotRemoved, $"The logs of the old run {id} in {logs}, or its state in {states}, cannot be removed: {Errno.Describe(error)}. Remove them by hand, or raise KinetraLogKeep.", error);
        }
    }
}
