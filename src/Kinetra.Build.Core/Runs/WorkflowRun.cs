using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// One run of a workflow: its lock, its id, its steps, its journal with the state file made from it, and its log. A step
/// counts as done once the journal has it; that is durable some milliseconds later. Safe for several threads.
/// </summary>
public sealed class WorkflowRun : IRunMemory, IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StatePause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly RunSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly RunLock _lock;
    private readonly RunRecord _record;
    private readonly RunJournal _journal;
    private readonly StateWriter _state;
    private readonly LastSuccesses _successes;
    private readonly Dictionary<string, int> _occurrences = [];
    private readonly OutputNames _outputs = new();
    private readonly Dictionary<string, StepRecord> _prior;
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackgroundWork? _stateWriting;
    private bool _stateFailed;
    private long _lastProgress;

    private WorkflowRun(RunSettings settings, TimeProvider time, RunLock held, RunBeginning beginning)
    {
        (_settings, _time, _startTimestamp, _lock) = (settings, time, beginning.StartTimestamp, held);
        (_record, _journal, Log, Previous, Damage) = (beginning.Run, beginning.Journal, beginning.Log, beginning.Previous, beginning.Damage);
        _prior = beginning.Prior.ToDictionary(step => step.Key);
        _state = new StateWriter(StateFile, _record);
        _stateWriting = settings.WritesAtOnce ? null : new BackgroundWork("run state", StatePause, WriteStateBehind);
        _successes = new LastSuccesses(new RunHistory(settings.StateDirectory, settings.Workflow), _record.PreviousId);
    }

    /// <summary>The id: <c>YYYYMMDD_HHMMSS</c> in UTC, with a number behind it for more in one second.</summary>
    public string Id => _record.Id;

    /// <summary>The workflow's name.</summary>
    public string Workflow => _settings.Workflow;

    /// <summary>The state file.</summary>
    public FilePath StateFile => _settings.StateDirectory.Combine(Id + ".json");

    /// <summary>The report, which is made when the run has ended, if it is wanted.</summary>
    public FilePath ReportFile => _settings.LogDirectory.Combine($"{RunRotation.Prefix}{Id}{RunRotation.ReportExtension}");

    /// <summary>The directory of the state file.</summary>
    public FilePath StateDirectory => _settings.StateDirectory;

    /// <summary>Where the digests of files are kept from one run of the workflow to the next; null if another node of this build does that.</summary>
    public FilePath? DigestFile => _lock.IsShared ? null : _settings.StateDirectory.Combine(WorkflowFileName.Of(Workflow, ".digests"));

    /// <summary>The run log.</summary>
    public RunLog Log { get; }

    /// <summary>What the user wants to have in the state.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _settings.Metadata;

    /// <summary>The last run of this workflow; null if this is the first, or if what it left is damaged.</summary>
    public PreviousRun? Previous { get; }

    /// <summary>What is wrong with what the last run left; null if nothing is.</summary>
    public KinetraException? Damage { get; }

    /// <summary>Whether single targets are built rather than the workflow as a whole.</summary>
    public bool IsPartial => _settings.IsPartial;

    /// <summary>Whether it goes on beside the workflow's run in another node of this build. Then it cannot be continued.</summary>
    public bool IsBeside => _lock.IsShared;

    /// <summary>Whether an unfinished run was to be continued, if there was one.</summary>
    public bool ResumeAsked => _settings.Resume;

    /// <summary>The run that this one continues; null if it began from the start.</summary>
    public string? ContinuesId => _record.ContinuesId;

    /// <summary>How many steps were completed in the runs that this one continues.</summary>
    public int PriorCount => _prior.Values.Count(step => step.IsDone);

    /// <summary>The W3C trace id of the run: 32 hexadecimal digits.</summary>
    public string TraceId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>When it began.</summary>
    public DateTimeOffset StartTime => _record.StartTime;

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Duration => _record.Duration;

    /// <summary>Where it stands.</summary>
    public RunStatus Status => _record.Status;

    /// <summary>Why it failed; null if it did not, or if a step's error says it.</summary>
    public string? Error => _record.Error;

    /// <summary>What determined how long its graph of steps took; null before the end, and without a graph.</summary>
    public GraphTiming? Timing
    {
        get => _record.Timing;
        set => _record.Timing = value;
    }

    /// <summary>The steps in the order in which they began.</summary>
    public IReadOnlyList<StepRecord> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _record.Steps];
            }
        }
    }

    /// <summary>Is told what happens to the steps; null for nobody.</summary>
    public IRunObserver? Observer { get; set; }

    /// <summary>Cancelled when the build is told to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins a run.</summary>
    /// <param name="settings">What it needs to know.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.WorkflowBusy"/>, <see cref="DiagnosticCodes.StateUnwritable"/>,
    /// <see cref="DiagnosticCodes.UnsafeStateDirectory"/>, or, if the last run is to be continued,
    /// <see cref="DiagnosticCodes.CorruptState"/> or <see cref="DiagnosticCodes.FileUnreadable"/>; nothing has begun then.
    /// </exception>
    public static WorkflowRun Start(RunSettings settings, TimeProvider time)
    {
        Files.StateDirectory.Ensure(settings.StateDirectory);
        RunLock held = RunLock.Acquire(settings.StateDirectory, settings.Workflow, settings.BuildId, settings.OuterRunId, time);
        WorkflowRun? run = null;
        try
        {
            run = new WorkflowRun(settings, time, held, RunBeginning.Create(settings, held, time));
            run.Guard(() => run._state.Write());
            return run;
        }
        catch
        {
            run?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Removes the logs and states of old runs, as the settings say.</summary>
    /// <returns>The ids of those runs.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.LogNotRemoved"/>: a warning; the run goes on.</exception>
    public IReadOnlyList<string> RemoveOldRuns() =>
        _settings.LogKeep is { } keep ? RunRotation.Apply(_settings.LogDirectory, _settings.StateDirectory, keep, Id) : [];

    /// <summary>Gives a step that is about to begin its number among those of its name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>1, or more for a name that recurs.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.RunEnded"/>.</exception>
    public int Reserve(string name)
    {
        lock (_gate)
        {
            RefuseIfEnded(name);
            _occurrences.TryGetValue(name, out int last);
            return _occurrences[name] = last + 1;
        }
    }

    /// <summary>What the runs that this one continues know of a step; null if they do not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    public StepRecord? Prior(string name, int occurrence) => _prior.GetValueOrDefault(StepRecord.KeyOf(name, occurrence));

    /// <summary>Begins a step.</summary>
    /// <param name="name">Its name; one that recurs is told apart by its number.</param>
    /// <param name="critical">Whether its failure fails the workflow.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.RunEnded"/>.</exception>
    public StepRecord Begin(string name, bool critical) => Begin(name, Reserve(name), critical, null, null);

    /// <summary>Begins a step.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">What <see cref="Reserve"/> gave it.</param>
    /// <param name="critical">Whether its failure fails the workflow.</param>
    /// <param name="fingerprint">What it is made of; null if that could not be found out.</param>
    /// <param name="reason">Why it is run.</param>
    /// <param name="ranAgain">Whether what comes behind it, and was completed before, may rely on what it was before.</param>
    public StepRecord Begin(string name, int occurrence, bool critical, Fingerprint? fingerprint, string? reason, bool ranAgain = false)
    {
        lock (_gate)
        {
            RefuseIfEnded(name);
            StepRecord step = new(_record.Steps.Count + 1, name, occurrence, critical)
            {
                FileStem = _outputs.Next(name),
                StartTime = Now(),
                StartTimestamp = _time.GetTimestamp(),
                Fingerprint = fingerprint,
                Reason = reason,
                RanAgain = ranAgain,
            };
            _record.Add(step);
            Guard(() =>
            {
                _journal.Begin(step);
                _state.Begin(step);
                WriteState();
            });
            Observer?.Begun(step);
            return step;
        }
    }

    /// <summary>Takes a step over from the runs that this one continues, instead of running it.</summary>
    /// <param name="prior">What they know of it.</param>
    /// <param name="critical">Whether its failure would fail the workflow.</param>
    /// <param name="reason">Why it is not run.</param>
    public StepRecord TakeOver(StepRecord prior, bool critical, string reason)
    {
        lock (_gate)
        {
            RefuseIfEnded(prior.Name);
            StepRecord step = prior.TakenOver(_record.Steps.Count + 1, critical, reason);
            _record.Add(step);
            Guard(() =>
            {
                _journal.TakeOver(step);
                _state.End(step);
                WriteState();
            });
            Observer?.Ended(step);
            return step;
        }
    }

    /// <summary>Enters a step that is not run because the cache has what it makes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">What <see cref="Reserve"/> gave it.</param>
    /// <param name="critical">Whether its failure would fail the workflow.</param>
    /// <param name="reuse">What is known of it.</param>
    /// <param name="reason">Why it is not run.</param>
    public StepRecord Reuse(string name, int occurrence, bool critical, StepReused reuse, string reason) => Enter(new StepRecord(0, name, occurrence, critical)
    {
        Status = StepStatus.Cached,
        ResumedFrom = reuse.RunId,
        Fingerprint = reuse.Fingerprint,
        Outputs = reuse.Outputs,
        Written = reuse.Written,
        Reason = reason,
    });

    /// <summary>Enters a step that is not run because of what became of others, or because it was not selected.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">What <see cref="Reserve"/> gave it.</param>
    /// <param name="critical">Whether its failure would have failed the workflow.</param>
    /// <param name="reason">Why it is not run.</param>
    public StepRecord Skip(string name, int occurrence, bool critical, string reason) => Enter(new StepRecord(0, name, occurrence, critical)
    {
        Status = StepStatus.Skipped,
        Reason = reason,
    });

    /// <summary>
    /// Enters an attempt of a step, before its processes begin. The first one of a step that a run before had completed is durable when this returns.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="mark">What the environment of its processes holds, by which they can be found.</param>
    public void BeginAttempt(StepRecord step, int attempt, string mark)
    {
        lock (_gate)
        {
            if (Status != RunStatus.Running)
            {
                return;
            }

            Guard(() => _journal.Attempt(step, attempt, mark));
            Observer?.AttemptBegun(step, attempt, mark);
        }

        // Where an earlier run had completed the step, a power cut must not hide that it is not any more what it was. Not within
        // the lock: the other steps go on, and those that wait for the disk share a flush.
        if (attempt == 1 && _prior.TryGetValue(step.Key, out StepRecord? prior) && prior.IsDone)
        {
            Guard(_journal.Flush);
        }
    }

    /// <summary>
    /// Enters the progress of a step; the state file has it within about a second. A file that cannot be written is no error here, in the
    /// thread that reads the step's output, but when the step ends.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="percent">0 to 100.</param>
    public void ReportProgress(StepRecord step, int percent)
    {
        lock (_gate)
        {
            step.Progress = percent;
            if (_stateWriting is not null)
            {
                _stateWriting.Ask();
            }
            else if (Status == RunStatus.Running && _time.GetElapsedTime(_lastProgress) >= ProgressInterval)
            {
                _lastProgress = _time.GetTimestamp();
                try
                {
                    Guard(_state.Write);
                }
                catch (KinetraException)
                {
                }
            }
        }
    }

    /// <summary>Enters how far the run is; the state file has it when it is written next.</summary>
    /// <param name="estimate">How far.</param>
    public void ReportEstimate(RunEstimate estimate)
    {
        lock (_gate)
        {
            if (Status == RunStatus.Running)
            {
                _record.Estimate = estimate;
                _stateWriting?.Ask();
            }
        }
    }

    /// <summary>The last time that a step succeeded, in the last runs of the workflow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    /// <returns>What is known of it; null if it has not succeeded in the runs that are looked at.</returns>
    public StepRecord? FindLastSuccess(string name, int occurrence) => _successes.Find(name, occurrence);

    /// <summary>The workflow's runs before this one, newest first, as far as they can be read.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="bytes">How large their journals may be together.</param>
    internal IEnumerable<RecordedRun> RunsBefore(int most, long bytes) => new RunHistory(_settings.StateDirectory, Workflow).Before(_record.PreviousId, most, bytes);

    /// <summary>Where an attempt's output goes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="attempt">From 1.</param>
    public FilePath OutputOf(StepRecord step, int attempt) =>
        _settings.LogDirectory.Combine(OutputNames.Of(Id, step.FileStem, attempt));

    /// <summary>Ends a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="attempts">How many attempts were made.</param>
    /// <param name="exitCode">The last exit code, if there is one.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    /// <param name="logFile">The last attempt's output.</param>
    public void End(StepRecord step, StepStatus status, int attempts, int? exitCode, string? error, string? logFile)
    {
        lock (_gate)
        {
            step.Duration ??= Elapsed(step.StartTimestamp);

            // A step that outlives its run (another project's, in a parallel build) no longer changes what was concluded.
            if (Status != RunStatus.Running)
            {
                return;
            }

            step.Status = status;
            step.Attempts = attempts;
            step.ExitCode = exitCode;
            step.Error = error;
            step.LogFile = logFile;
            Observer?.Ended(step);
            Guard(() =>
            {
                _journal.End(step);
                _state.End(step);
                WriteState();
            });
        }
    }

    /// <summary>Tells the running steps to stop; the run ends as interrupted. Cheap, and the same when it is repeated or comes too late.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Ends the run. A run that was told to stop is interrupted, whatever else is said; the first end counts.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="error">Why it failed, if no step's error says it.</param>
    /// <returns>False if it had ended before.</returns>
    public bool Finish(RunStatus status, string? error = null)
    {
        lock (_gate)
        {
            if (Status != RunStatus.Running)
            {
                return false;
            }

            _record.End(
                _stopping.IsCancellationRequested ? RunStatus.Interrupted : status,
                Elapsed(_startTimestamp),
                error,
                step => Elapsed(step.StartTimestamp));
            try
            {
                Guard(() =>
                {
                    _journal.Finish(_record);
                    _state.Finish();
                });
                foreach (string line in Summary.Lines(this))
                {
                    Log.Write(LogLevel.Info, line);
                }
            }
            finally
            {
                _lock.Dispose();
            }

            return true;
        }
    }

    /// <summary>Closes the log and frees the lock; a run that has not ended is left as running.</summary>
    // The source of the stop signal is left to the garbage collector: a late signal must still find it.
    public void Dispose()
    {
        // Not within the lock, which what it does needs too.
        _stateWriting?.Dispose();
        lock (_gate)
        {
            Log.Dispose();
            _journal.Dispose();
            _state.Dispose();
            _lock.Dispose();
        }
    }

    // Not flushed: what was not run is found out again.
    private StepRecord Enter(StepRecord step)
    {
        lock (_gate)
        {
            RefuseIfEnded(step.Name);
            (step.Number, step.StartTime, step.Duration) = (_record.Steps.Count + 1, Now(), TimeSpan.Zero);
            _record.Add(step);
            Guard(() =>
            {
                _journal.Enter(step);
                _state.End(step);
            });
            Observer?.Ended(step);
            return step;
        }
    }

    // Another project of the build may have ended it meanwhile. Nothing comes behind the journal's last record.
    private void RefuseIfEnded(string step)
    {
        if (Status != RunStatus.Running)
        {
            throw new KinetraException(DiagnosticCodes.RunEnded, $"Step \"{step}\" was not started: run {Id} of {Workflow} is already {Status.Word()}. Let the step depend on the others (DependsOnTargets), or put its target into KinetraTargets.");
        }
    }

    // Whoever comes after a write in the background that failed tries it again, and is told.
    private void WriteState()
    {
        if (_stateWriting is not null && !_stateFailed)
        {
            _stateWriting.Ask();
            return;
        }

        _state.Write();
        _stateFailed = false;
    }

    // Only what changes is looked at under the lock: no step waits for a slow disk.
    private void WriteStateBehind()
    {
        StateSnapshot snapshot;
        lock (_gate)
        {
            if (Status != RunStatus.Running)
            {
                return;
            }

            snapshot = _state.Take();
        }

        try
        {
            _state.Write(snapshot);
        }
        catch (Exception error) when (error is KinetraException or IOException or UnauthorizedAccessException)
        {
            lock (_gate)
            {
                _stateFailed = true;
            }
        }
    }

    private DateTimeOffset Now() => Runs.StateFile.Time(Runs.StateFile.Epoch(_time.GetUtcNow()));

    private TimeSpan Elapsed(long since) => Runs.StateFile.Rounded(_time.GetElapsedTime(since));

    private void Guard(Action write) => StateUnwritable.Guard(Id, write);
}
