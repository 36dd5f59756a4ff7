using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>A run as its journal tells it at a moment, for whoever only looks. While it goes on, what only the state file knows is added: progress and estimate.</summary>
public sealed class ArchivedRun
{
    private readonly FilePath _directory;
    private readonly string? _projectDirectory;
    private readonly RecordedRun _recorded;
    private readonly Dictionary<string, string> _stems = [];
    private bool _isRead;
    private bool? _isAlive;

    internal ArchivedRun(FilePath directory, string? projectDirectory, RecordedRun recorded) =>
        (_directory, _projectDirectory, _recorded) = (directory, projectDirectory, recorded);

    /// <summary>The workflow's name.</summary>
    public string Workflow => Run.Workflow;

    /// <summary>The run's id.</summary>
    public string Id => Run.Id;

    /// <summary>Its number among the workflow's runs, from 1; 0 if it went on beside another one.</summary>
    public long Number => Run.Number;

    /// <summary>The run that it continues; null if it began from the start.</summary>
    public string? ContinuesId => Run.ContinuesId;

    /// <summary>Whether single targets or a selection of steps were run, rather than the workflow as a whole.</summary>
    public bool IsPartial => Run.IsPartial;

    /// <summary>The process that runs, or ran, it.</summary>
    public int ProcessId => Run.ProcessId;

    /// <summary>The machine of the process.</summary>
    public string Host => Run.Host;

    /// <summary>When it began.</summary>
    public DateTimeOffset StartTime => Run.StartTime;

    /// <summary>How long it took; null if its end is not recorded.</summary>
    public TimeSpan? Duration => Run.Duration;

    /// <summary>Where it stands, by its journal: a run that was killed is <see cref="RunStatus.Running"/> until the next run finds it.</summary>
    public RunStatus Status => Run.Status;

    /// <summary>Why it failed; null if it did not, or if a step's error says it.</summary>
    public string? Error => Run.Error;

    /// <summary>What determined how long its graph took; null before the end, and without a graph.</summary>
    public GraphTiming? Timing => Run.Timing;

    /// <summary>What the user wanted to have in the state.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Run.Metadata;

    /// <summary>When its last record was written.</summary>
    public DateTimeOffset LastTime => _recorded.LastTime;

    /// <summary>How far it is; null before the first estimate, after the end, and without a graph.</summary>
    public RunEstimate? Estimate
    {
        get
        {
            Read();
            return Run.Estimate;
        }
    }

    /// <summary>The steps in the order in which they began.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/>.</exception>
    public IReadOnlyList<StepRecord> Steps
    {
        get
        {
            Read();
            return Run.Steps;
        }
    }

    /// <summary>
    /// Whether it goes on: its end is not recorded and its build lives. Of a run on another machine that is not known, and it is taken to.
    /// </summary>
    public bool IsAlive => _isAlive ??= Status == RunStatus.Running
        && (Host != Environment.MachineName || (RunLock.IsAlive(ProcessId) && (Number == 0 || RunArchive.IsLocked(RunLock.FileOf(_directory, Workflow)))));

    /// <summary>Whether its build was killed, and no later run has recorded that yet.</summary>
    public bool IsKilled => Status == RunStatus.Running && !IsAlive;

    /// <summary>The run log.</summary>
    public FilePath LogFile => Locate(Run.LogFile);

    /// <summary>The report that the run has left, <c>workflow_{id}.html</c> beside its log; it need not exist.</summary>
    public FilePath ReportFile => Locate(Path.ChangeExtension(Run.LogFile, RunRotation.ReportExtension));

    /// <summary>The run's summary, as its build prints it.</summary>
    public IReadOnlyList<string> Summary()
    {
        Read();
        return Runs.Summary.Lines(this);
    }

    /// <summary>Where the output of an attempt is; null for a step that does not write any.</summary>
    /// <param name="step">A step of this run.</param>
    /// <param name="attempt">From 1.</param>
    public FilePath? OutputOf(StepRecord step, int attempt)
    {
        Read();
        return step.LogFile is { } last && attempt == step.Attempts ? Locate(last)
            : _stems.TryGetValue(step.Key, out string? stem) ? Locate(Path.Combine(Path.GetDirectoryName(Run.LogFile) ?? "", OutputNames.Of(Id, stem, attempt)))
            : null;
    }

    /// <summary>The run in the form of the state file, UTF-8.</summary>
    public byte[] FormatState()
    {
        Read();
        return StateFile.Format(Run);
    }

    private RunRecord Run => _recorded.Run;

    private void Read()
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        _recorded.ReadSteps();
        if (Status == RunStatus.Running)
        {
            AddLive();
        }

        // As the run has named them: a step that it did not begin itself has no output.
        OutputNames names = new();
        foreach (StepRecord step in Run.Steps.Where(step => step.WasRun))
        {
            _stems[step.Key] = names.Next(step.Name);
        }
    }

    // The state file may be caught half written, or not yet be there.
    private void AddLive()
    {
        try
        {
            if (NativeFile.ReadAll(_directory.Combine(Id + ".json").Full) is not { } content)
            {
                return;
            }

            using JsonDocument json = JsonDocument.Parse(content);
            Run.Estimate = json.RootElement.TryGetProperty("estimate", out JsonElement estimate) ? RunEstimate.Read(estimate) : null;
            Dictionary<string, StepRecord> running = Run.Steps.Where(step => step.Status == StepStatus.Running).ToDictionary(step => step.Key);
            foreach (JsonElement state in json.RootElement.GetProperty("steps").EnumerateArray())
            {
                int occurrence = state.TryGetProperty("occurrence", out JsonElement number) ? number.GetInt32() : 1;
                if (running.TryGetValue(StepRecord.KeyOf(state.GetProperty("name").GetString() ?? "", occurrence), out StepRecord? step))
                {
                    step.ReadLive(state);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            // The journal has all that counts.
        }
    }

    // Relative to the project, which is somewhere above the state directory unless somebody knows better.
    private FilePath Locate(string path)
    {
        if (Path.IsPathRooted(path))
        {
            return new FilePath(path, path);
        }

        string? root = _projectDirectory;
        if (root is null)
        {
            string? above = Path.GetDirectoryName(_directory.Full);
            root = above ?? _directory.Full;
            for (; above is not null; above = Path.GetDirectoryName(above))
            {
                if (File.Exists(Path.Combine(above, Run.LogFile)))
                {
                    root = above;
                    break;
                }
            }
        }

        return new FilePath(Path.GetFullPath(path, root), path);
    }
}
