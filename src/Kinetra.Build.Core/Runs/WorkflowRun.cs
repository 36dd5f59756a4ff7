using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// One run of a workflow: its id, its steps, its state file and its log. The state file is written when the run begins and
/// ends and when a step does, atomically and durably. Safe for several threads.
/// </summary>
public sealed class WorkflowRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RunSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly List<StepRecord> _steps = [];
    private readonly HashSet<string> _fileStems = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();

    private WorkflowRun(RunSettings settings, TimeProvider time, DateTimeOffset start, string id, RunLog log, PreviousRun? previous)
    {
        (_settings, _time, _startTimestamp) = (settings, time, time.GetTimestamp());
        (StartTime, Id, Log, Previous) = (start, id, log, previous);
    }

    /// <summary>The id: <c>YYYYMMDD_HHMMSS</c> in UTC, with a number behind it for more in one second.</summary>
    public string Id { get; }

    /// <summary>The workflow's name.</summary>
    public string Workflow => _settings.Workflow;

    /// <summary>The state file.</summary>
    public FilePath StateFile => _settings.StateDirectory.Combine(Id + ".json");

    /// <summary>The directory of the state file.</summary>
    public FilePath StateDirectory => _settings.StateDirectory;

    /// <summary>The run log.</summary>
    public RunLog Log { get; }

    /// <summary>What the user wants to have in the state.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _settings.Metadata;

    /// <summary>The last run of this workflow; null if this is the first.</summary>
    public PreviousRun? Previous { get; }

    /// <summary>The W3C trace id of the run: 32 hexadecimal digits.</summary>
    public string TraceId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>When it began.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; private set; }

    /// <summary>Why it failed; null if it did not, or if a step's error says it.</summary>
    public string? Error { get; private set; }

    /// <summary>The steps in the order in which they began.</summary>
    public IReadOnlyList<StepRecord> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Cancelled when the build is told to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins a run.</summary>
    /// <param name="settings">What it needs to know.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.StateUnwritable"/>, <see cref="DiagnosticCodes.UnsafeStateDirectory"/> or
    /// <see cref="DiagnosticCodes.CorruptState"/>; nothing has begun then.
    /// </exception>
    public static WorkflowRun Start(RunSettings settings, TimeProvider time)
    {
        Files.StateDirectory.Ensure(settings.StateDirectory);
        PreviousRun? previous = Runs.StateFile.FindLast(settings.StateDirectory, settings.Workflow);
        DateTimeOffset start = time.GetUtcNow();
        for (int number = 1; ; number++)
        {
            string id = RunId.Create(start, number);
            if (RunLog.TryCreate(settings.LogDirectory.Combine($"workflow_{id}.log"), time) is { } log)
            {
                WorkflowRun run = new(settings, time, start, id, log, previous);
                bool reserved = false;
                try
                {
                    reserved = run.TryReserve();
                }
                finally
                {
                    if (!reserved)
                    {
                        run.Dispose();
                        File.Delete(log.File.Full);
                    }
                }

                if (reserved)
                {
                    return run;
                }
            }
        }
    }

    /// <summary>Removes the logs of old runs, as the settings say.</summary>
    /// <returns>The ids of those runs.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.LogNotRemoved"/>: a warning; the run goes on.</exception>
    public IReadOnlyList<string> RemoveOldLogs() =>
        _settings.LogKeep is { } keep ? LogRotation.Apply(_settings.LogDirectory, keep, Id) : [];

    /// <summary>Begins a step.</summary>
    /// <param name="name">Its name; one that recurs is told apart by its number.</param>
    /// <param name="critical">Whether its failure fails the workflow.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.RunEnded"/>.</exception>
    public StepRecord Begin(string name, bool critical)
    {
        lock (_gate)
        {
            if (Status != RunStatus.Running)
            {
                throw new KinetraException(DiagnosticCodes.RunEnded, $"Step \"{name}\" was not started: run {Id} of {Workflow} is already {Runs.StateFile.Word(Status)}. Let the step depend on the others (DependsOnTargets), or put its target into KinetraTargets.");
            }

            int occurrence = _steps.Count(step => step.Name == name) + 1;
            StepRecord record = new(name, occurrence, critical, UniqueStem(name), _time.GetUtcNow(), _time.GetTimestamp());
            _steps.Add(record);
            Save();
            return record;
        }
    }

    /// <summary>Where an attempt's output goes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="attempt">From 1.</param>
    public FilePath OutputOf(StepRecord step, int attempt) =>
        _settings.LogDirectory.Combine(Path.Combine(Id, $"{step.FileStem}.{attempt}.log"));

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
            step.Duration ??= _time.GetElapsedTime(step.StartTimestamp);

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
            Save();
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

            Status = _stopping.IsCancellationRequested ? RunStatus.Interrupted : status;
            Duration = _time.GetElapsedTime(_startTimestamp);
            Error = error;
            foreach (StepRecord step in _steps.Where(step => step.Status == StepStatus.Running))
            {
                step.Status = StepStatus.Interrupted;
                step.Duration = _time.GetElapsedTime(step.StartTimestamp);
            }

            Save();
            foreach (string line in Summary.Lines(this))
            {
                Log.Write(LogLevel.Info, line);
            }

            return true;
        }
    }

    /// <summary>Closes the log; a run that has not ended is left as running.</summary>
    // The source of the stop signal is left to the garbage collector: a late signal must still find it.
    public void Dispose() => Log.Dispose();

    // The state file goes to a name that must be free, and so reserves the id.
    private bool TryReserve() => Reporting(() =>
    {
        using AtomicFile state = AtomicFile.Create(StateFile, UnixMode.Private, digest: false);
        state.Append(Runs.StateFile.Format(this));
        state.Seal();
        return state.TryCommitNew(StateFile);
    });

    private string UniqueStem(string name)
    {
        string stem = SafeFileName.From(name);
        string unique = stem;
        for (int number = 2; !_fileStems.Add(unique); number++)
        {
            unique = $"{stem}-{number:000}";
        }

        return unique;
    }

    private void Save() => Reporting(() =>
    {
        AtomicFile.Write(StateFile, Runs.StateFile.Format(this), UnixMode.Private);
        return true;
    });

    private T Reporting<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WriteFailed or DiagnosticCodes.DurabilityUnknown)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The state file of run {Id} cannot be written. {error.Message}", error);
        }
    }
}
