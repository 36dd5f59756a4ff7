using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Workflows;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Runs a graph of steps, several at a time: <c>KinetraStep</c> items, whose metadata are the parameters of <see cref="RunStepWithRetry"/> and
/// their place in the graph. The target <c>Build</c> of the SDK runs it with the project's items.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class RunWorkflow : KinetraTask, ICancelableTask, IIncrementalTask, IWorkflowListener
{
    private WorkflowRunner? _runner;
    private RunSession? _session;
    private ProgressLines? _lines;
    private GraphInput? _input;
    private StepOutcome?[] _outcomes = [];
    private StepRecord?[] _skipped = [];
    private StepLines?[] _output = [];
    private bool _hearsDetails;
    private bool _hearsNormal;
    private volatile bool _cancelled;

    /// <summary>The steps. The item's name is the step's; metadata as documented for <c>KinetraStep</c>.</summary>
    [Required]
    public ITaskItem[] Steps { get; set; } = [];

    /// <summary>Pools that steps may be in; the metadata <c>Limit</c> says how many steps of one may run at a time. Default: none.</summary>
    public ITaskItem[] Pools { get; set; } = [];

    /// <summary>How many steps may run at a time, 1 or more. Default: <c>KinetraMaxParallel</c>.</summary>
    public string? MaxParallel { get; set; }

    /// <summary>Only these steps are run; <c>*</c> and <c>?</c> are allowed. Default: <c>KinetraOnly</c>.</summary>
    public string[]? Only { get; set; }

    /// <summary>These steps are not run. Default: <c>KinetraSkip</c>.</summary>
    public string[]? Skip { get; set; }

    /// <summary>These steps and all that depends on them. Default: <c>KinetraFrom</c>.</summary>
    public string[]? From { get; set; }

    /// <summary>These steps and all that they need. Default: <c>KinetraUntil</c>.</summary>
    public string[]? Until { get; set; }

    /// <summary>Only says what would be run, in which order, and why; nothing is run or written. Default false.</summary>
    public bool PlanOnly { get; set; }

    /// <summary>Set by the engine for <c>-question</c>: the task fails if it would run a step.</summary>
    public bool FailIfNotIncremental { get; set; }

    /// <summary>An item for each step that was selected, with the metadata <c>Status</c>, <c>Duration</c> (as in <c>12.345s</c>), <c>Attempts</c>, <c>ExitCode</c>, <c>Reason</c>, <c>LogFile</c>.</summary>
    [Output]
    public ITaskItem[] Results { get; private set; } = [];

    /// <summary>The state file of the run.</summary>
    [Output]
    public string? StateFile { get; private set; }

    /// <summary>Told by the engine to stop. It may be called very often, so it only passes the word on.</summary>
    public void Cancel()
    {
        _cancelled = true;
        _session?.Run.Stop();
    }

    void IWorkflowListener.Report(LogLevel level, string message)
    {
        if (level == LogLevel.Debug)
        {
            Debug(message);
        }
        else
        {
            Say(message, level);
        }
    }

    void IWorkflowListener.Problem(Problem problem) => ProblemLog.Write(problem, Log, _session!.Run, Show);

    void IWorkflowListener.Ended(int step, StepOutcome outcome)
    {
        _outcomes[step] = outcome;
        if (_output[step] is { } output)
        {
            Show(output.Flush);
        }

        Show(() => _lines!.Add(outcome));
        string attempts = outcome.Attempts > 1 ? $" (attempt {outcome.Attempts})" : "";
        Record(LogLevel.Info, outcome.ResumedFrom is not null
            ? $"{outcome.Record.Name}: not run again: {outcome.Reason}."
            : $"{outcome.Record.Name}: {Word(outcome.Status)} in {Duration.Format(outcome.Duration)}{attempts}.");
        if (outcome.Warning is not null)
        {
            Warning(outcome.Warning);
        }

        if (outcome.Failure is { } failure)
        {
            bool isConsequence = outcome.Status == StepStatus.Interrupted && !_session!.Run.Stopping.IsCancellationRequested;
            if (isConsequence || (outcome.Status == StepStatus.Failed && !outcome.Record.IsCritical))
            {
                Warning(failure);
            }
            else
            {
                Error(failure);
            }
        }
    }

    void IWorkflowListener.Broken(int step, KinetraException error) => Error(error);

    void IWorkflowListener.Skipped(int step, StepRecord record)
    {
        _skipped[step] = record;
        Record(LogLevel.Info, $"{record.Name}: skipped: {record.Reason}.");
        Show(() => _lines!.Skip(record));
    }

    private protected override RunSession? CurrentSession => _session ?? base.CurrentSession;

    private protected override bool IsHeard(MessageImportance importance) => _runner is null ? base.IsHeard(importance) : importance switch
    {
        MessageImportance.High => true,
        MessageImportance.Normal => _hearsNormal,
        _ => _hearsDetails,
    };

    // While the engine builds for a step it locks out whoever logs, so only the task's own thread does.
    private protected override void Show(Action log)
    {
        if (_runner is null)
        {
            log();
        }
        else
        {
            _runner.Post(log);
        }
    }

    private protected override void Run()
    {
        _input = GraphInput.Read(Steps, Pools, Settings);
        foreach (string misspelt in _input.Misspelt)
        {
            Warning(new KinetraException(DiagnosticCodes.MisspeltMetadata, misspelt));
        }

        Selection selection = Selection();
        IReadOnlyList<bool> selected = _input.Graph.Select(selection);
        (_hearsNormal, _hearsDetails) = (Log.LogsMessagesOfImportance(MessageImportance.Normal), Log.LogsMessagesOfImportance(MessageImportance.Low));
        _session = RunSession.GetOrBegin(BuildEngine, Settings, out bool begun);
        if (begun)
        {
            ReportBeginning(_session);
        }

        if (_session.IsFailing)
        {
            throw new KinetraException(DiagnosticCodes.RunEnded, $"The graph was not started: a critical step of run {_session.Run.Id} has failed, and nothing new starts.");
        }

        if (_cancelled)
        {
            _session.Run.Stop();
        }

        StateFile = _session.Run.StateFile.Display;
        RunGraph(selected);
        Conclude(_session);
    }

    private Selection Selection()
    {
        Selection standard = Settings.Selection;
        return new Selection(Only ?? standard.Only, Skip ?? standard.Skip, From ?? standard.From, Until ?? standard.Until);
    }

    private void RunGraph(IReadOnlyList<bool> selected)
    {
        GraphInput input = _input!;
        RunSession session = _session!;
        int count = input.Items.Count;
        (_outcomes, _skipped, _output) = (new StepOutcome?[count], new StepRecord?[count], new StepLines?[count]);
        StepSurroundings surroundings = new(Settings, session.Run, session.Watchdog, new IntegrityCheck(Checksums, ProtectedFiles)) { Note = Note, Debug = Debug };
        WorkflowStep[] steps = new WorkflowStep[count];
        double[] durations = new double[count];
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            StepParameters parameters = input.Parameters[i];
            _output[i] = _hearsNormal && !parameters.IsForEngine ? new StepLines(parameters.Input.Name, Log, isHeld: true) : null;
            steps[i] = new WorkflowStep(
                parameters.Definition,
                parameters.IsForEngine ? new ProjectStep(parameters, BuildEngine, Settings, session.Run) : new CommandStep(parameters, surroundings, _output[i]))
            {
                IsForEngine = parameters.IsForEngine,
                ExpectedDuration = input.Items[i].ExpectedDuration,
            };
            durations[i] = 1;
            total += selected[i] ? 1 : 0;
        }

        WorkflowOptions options = new(MaxParallel is null ? Settings.MaxParallel : ParallelOf(MaxParallel), input.Pools, Settings.GracePeriod)
        {
            KeepsGoing = Settings.KeepGoing,
            CancelsOnFailure = Settings.CancelsOnFailure,
        };
        session.Reuse.Cache ??= Settings.CacheDirectory is { } directory && !session.FromStart ? new StepCache(directory, Settings.CacheSize, TimeProvider.System) : null;
        _lines = new ProgressLines(total, line => Log.LogMessage(MessageImportance.High, "{0}", line));
        WorkflowRunner runner = new(input.Graph, steps, selected, durations, options, session.Run, session.Reuse, this, TimeProvider.System, Random.Shared.NextDouble)
        {
            OnTick = () => _lines.Flush(isDue: false),
        };
        _runner = runner;
        try
        {
            runner.Run();
        }
        finally
        {
            _runner = null;
        }

        _lines.Flush(isDue: true);
        Results = [.. Enumerable.Range(0, count).Where(i => selected[i]).Select(Result)];
    }

    private void Conclude(RunSession session)
    {
        if (session.Reuse.TakeCacheProblem() is { } problem)
        {
            Warning(problem);
        }

        SayIfUnwatched(session);
        bool isStopped = session.Run.Stopping.IsCancellationRequested;
        if (isStopped && !Log.HasLoggedErrors)
        {
            Error(Interrupted(session.Run));
        }

        bool failed = Array.Exists(_outcomes, outcome => outcome is { Status: StepStatus.Failed, Record.IsCritical: true });
        session.IsFailing |= isStopped || ((failed || Log.HasLoggedErrors) && !BuildEngine.ContinueOnError);
        if (session.IsFailing)
        {
            RunSummary.End(session, RunStatus.Failed, Log, Settings.ProjectName);
        }
    }

    private ITaskItem Result(int step)
    {
        StepOutcome? outcome = _outcomes[step];
        TaskItem item = new(Escaping.Escape(_input!.Items[step].Input.Name));
        item.SetMetadata("Status", outcome is null ? "skipped" : Word(outcome.Status));
        item.SetMetadata("Duration", string.Create(CultureInfo.InvariantCulture, $"{outcome?.Duration.TotalSeconds ?? 0:0.000}s"));
        item.SetMetadata("Attempts", (outcome?.Attempts ?? 0).ToString(CultureInfo.InvariantCulture));
        item.SetMetadata("ExitCode", outcome?.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "");
        item.SetMetadata("Reason", Escaping.Escape(outcome?.Reason ?? _skipped[step]?.Reason ?? ""));
        item.SetMetadata("LogFile", Escaping.Escape(outcome?.LogFile ?? ""));
        return item;
    }

    private static string Word(StepStatus status) => status.ToString().ToLowerInvariant();

    private static int ParallelOf(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
        ? number
        : throw new KinetraException(DiagnosticCodes.InvalidValue, $"MaxParallel: \"{text}\" is not a whole number of 1 or more.");
}
