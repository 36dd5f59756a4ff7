using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>What a run begins with: what the one before it left, and an id whose journal and log are its own.</summary>
/// <param name="Run">What is known of it.</param>
/// <param name="Journal">Its journal.</param>
/// <param name="Log">Its log.</param>
/// <param name="Previous">The run before it.</param>
/// <param name="Prior">What is known of the steps of the run that it continues.</param>
/// <param name="Damage">What is wrong with what the run before it left.</param>
internal sealed record RunBeginning(RunRecord Run, RunJournal Journal, RunLog Log, PreviousRun? Previous, IReadOnlyCollection<StepRecord> Prior, KinetraException? Damage)
{
    /// <summary>When it began, by the clock for durations.</summary>
    public long StartTimestamp { get; init; }

    /// <summary>Looks at the last run, ends it if its build was killed, and creates the files of the new one.</summary>
    /// <param name="settings">The new run's settings.</param>
    /// <param name="held">The workflow's lock.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException">As for <see cref="WorkflowRun.Start"/>.</exception>
    public static RunBeginning Create(RunSettings settings, RunLock held, TimeProvider time)
    {
        long startTimestamp = time.GetTimestamp();
        DateTimeOffset start = StateFile.Time(StateFile.Epoch(time.GetUtcNow()));
        RecordedRun? last = null;
        RecordedRun? continued = null;
        PreviousRun? previous = null;
        KinetraException? damage = null;
        try
        {
            RunHistory history = new(settings.StateDirectory, settings.Workflow);
            last = held.IsShared ? null : history.FindLast(held.LastRunId);
            previous = last is null ? null : Conclude(last, history.KilledBeside, start, time);
            continued = settings.Resume ? history.FindUnfinished(last, settings.IsPartial) : null;
            continued?.ReadSteps();
        }
        catch (KinetraException error) when (!settings.Resume && error.Code is DiagnosticCodes.CorruptState or DiagnosticCodes.FileUnreadable)
        {
            damage = error;
        }

        IReadOnlyCollection<StepRecord> prior = continued?.KnownSteps() ?? [];
        for (int number = 1; ; number++)
        {
            string id = RunId.Create(start, number);
            RunRecord run = new()
            {
                Workflow = settings.Workflow,
                Id = id,
                Number = held.IsShared ? 0 : Math.Max(held.LastRunNumber, last?.Run.Number ?? 0) + 1,
                PreviousId = last?.Run.Id,
                ContinuesId = continued?.Run.Id,
                IsPartial = settings.IsPartial,
                ProcessId = Environment.ProcessId,
                Host = Environment.MachineName,
                StartTime = start,
                LogFile = settings.LogDirectory.Combine($"workflow_{id}.log").Display,
                Metadata = settings.Metadata,
            };
            if (TryReserve(settings, run, prior, time) is var (journal, log))
            {
                return Announced(held, new RunBeginning(run, journal, log, previous, prior, damage) { StartTimestamp = startTimestamp });
            }
        }
    }

    // A run whose lock is free and that has not ended was killed.
    private static PreviousRun Conclude(RecordedRun last, IReadOnlyList<RecordedRun> killedBeside, DateTimeOffset now, TimeProvider time)
    {
        RunStatus found = last.Run.Status;
        List<string> marks = [];
        foreach (RecordedRun killed in found == RunStatus.Running ? [last, .. killedBeside] : killedBeside)
        {
            killed.ReadSteps();
            marks.AddRange(killed.LivingMarks());
            killed.Interrupt(time);
        }

        if (found != RunStatus.Running)
        {
            last.MendState();
        }

        return new PreviousRun(last.Run.Id, found, last.Run.StartTime > now, last.IsTorn, marks);
    }

    // The log first, as nothing else depends on it; a journal's name is taken for good.
    private static (RunJournal, RunLog)? TryReserve(RunSettings settings, RunRecord run, IReadOnlyCollection<StepRecord> prior, TimeProvider time)
    {
        FilePath directory = settings.StateDirectory;
        bool isTaken = StateUnwritable.Guard(run.Id, () => NativeFile.Exists(directory.Combine(run.Id + ".json").Full));
        RunLog? log = isTaken ? null : RunLog.TryCreate(settings.LogDirectory.Combine($"workflow_{run.Id}.log"), time);
        if (log is null)
        {
            return null;
        }

        RunJournal? journal = null;
        try
        {
            journal = StateUnwritable.Guard(run.Id, () => RunJournal.TryCreate(directory.Combine(run.Id + RunJournal.Extension), run, prior.Where(step => step.IsDone), time, settings.WritesAtOnce));
            return journal is null ? null : (journal, log);
        }
        finally
        {
            if (journal is null)
            {
                log.Dispose();
                File.Delete(log.File.Full);
            }
        }
    }

    private static RunBeginning Announced(RunLock held, RunBeginning beginning)
    {
        try
        {
            StateUnwritable.Guard(beginning.Run.Id, () => held.Announce(beginning.Run.Id, beginning.Run.Number));
            return beginning;
        }
        catch
        {
            beginning.Journal.Dispose();
            beginning.Log.Dispose();
            throw;
        }
    }
}
