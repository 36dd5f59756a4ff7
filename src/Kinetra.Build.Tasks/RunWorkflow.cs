using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
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
public sealed partial class RunWorkflow : KinetraTask, ICancelableTask, IIncrementalTask, IDisposable
{
    // The end of what is over in a moment need not be foretold.
    private static readonly TimeSpan NotableTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _engineStopping = new();
    private WorkflowRunner? _runner;
    private WorkflowForecast? _forecast;
    private RunSession? _session;
    private ProgressLines? _lines;
    private StepGraph? _graph;
    private WorkflowStep[] _steps = [];
    private IReadOnlyList<bool>? _selected;
    private StepOutcome?[] _outcomes = [];
    private StepRecord?[] _skipped = [];
    private StepLines?[] _output = [];
    private bool _hearsDetails;
    private bool _hearsNormal;
    private bool _isQuestion;

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

    // What the engine asks with -question: the task is to fail if it would run a step.
    bool IIncrementalTask.FailIfNotIncremental { set => _isQuestion = value; }

    /// <summary>An item for each step that was selected, with the metadata <c>Status</c>, <c>Duration</c> (as in <c>12.345s</c>), <c>Attempts</c>, <c>ExitCode</c>, <c>Reason</c>, <c>LogFile</c>.</summary>
    [Output]
    // Made when the engine asks, which it does only if the project wants them.
    public ITaskItem[] Results => _selected is null ? [] : [.. Enumerable.Range(0, _selected.Count).Where(i => _selected[i]).Select(Result)];

    /// <summary>The state file of the run.</summary>
    [Output]
    public string? StateFile { get; private set; }

    /// <summary>The report of the run, which is written when that ends: through <c>Build</c>, after all targets. Empty with <c>KinetraReport=false</c>.</summary>
    [Output]
    public string? ReportFile { get; private set; }

    /// <summary>Told by the engine to stop. It may be called very often, so it only passes the word on.</summary>
    public void Cancel()
    {
        _engineStopping.Cancel();
        _session?.Run.Stop();
    }

    /// <summary>Frees what the cancellation holds.</summary>
    public void Dispose() => _engineStopping.Dispose();

    private protected override RunSession? CurrentSession => _session ?? base.CurrentSession;

    private protected override bool IsHeard(MessageImportance importance) => _runner is null ? base.IsHeard(importance) : importance switch
    {
        MessageImportance.High => true,
        MessageImportance.Normal => _hearsNormal,
        _ => _hearsDetails,
    };

    // While the engine builds for a step it locks out whoever logs, so only the task's own thread does, which can do so even then (EngineWait).
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
        GraphInput input = GraphInput.Read(Steps, Pools, Settings, Error);
        _graph = input.Graph;

        // The engine's items of a large graph are not to stay as long as this task does.
        Steps = [];
        foreach (string misspelt in input.Misspelt)
        {
            Warning(new KinetraException(DiagnosticCodes.MisspeltMetadata, misspelt));
        }

        Selection selection = Selection();
        IReadOnlyList<bool> selected = _graph.Select(selection);
        (_hearsNormal, _hearsDetails) = (Log.LogsMessagesOfImportance(MessageImportance.Normal), Log.LogsMessagesOfImportance(MessageImportance.Low));
        if (PlanOnly || _isQuestion)
        {
            Plan(input, selected);
            return;
        }

        _session = RunSession.GetOrBegin(BuildEngine, Settings, out bool begun);
        if (begun)
        {
            ReportBeginning(_session);
        }

        RefuseNesting(_session);
        if (_session.IsFailing)
        {
            throw new KinetraException(DiagnosticCodes.RunEnded, $"The graph was not started: a critical step of run {_session.Run.Id} has failed, and nothing new starts.");
        }

        if (_engineStopping.IsCancellationRequested)
        {
            _session.Run.Stop();
        }

        (StateFile, ReportFile) = (_session.Run.StateFile.Display, _session.ReportFile?.Display);
        RunGraph(input, selected);
        Conclude(_session);
    }

    // A step that builds the target which runs its own graph would do so without end.
    private void RefuseNesting(RunSession session)
    {
        HashSet<string> running = [.. session.Run.Steps.Where(step => step.Status == StepStatus.Running).Select(step => step.Name)];
        if (_graph!.Steps.FirstOrDefault(step => running.Contains(step.Name)) is { } nested)
        {
            throw new KinetraException(DiagnosticCodes.InvalidGraph, $"Step \"{nested.Name}\" builds a target that runs the graph that it is part of itself. Let it build a target that does not depend on Build or run RunWorkflow with this step.");
        }
    }

    private Selection Selection()
    {
        Selection standard = Settings.Selection;
        return new Selection(Only ?? standard.Only, Skip ?? standard.Skip, From ?? standard.From, Until ?? standard.Until);
    }

    // The input is not kept: what a step was given goes with its work.
    private void RunGraph(GraphInput input, IReadOnlyList<bool> selected)
    {
        RunSession session = _session!;
        int count = input.Items.Count;
        (_outcomes, _skipped, _output) = (new StepOutcome?[count], new StepRecord?[count], new StepLines?[count]);
        _steps = StepsOf(input, new StepSurroundings(Settings, session.Run, session.Watchdog, new IntegrityCheck(Checksums, ProtectedFiles)) { Note = Note, Debug = Debug });
        session.Graphs.Add(input.Graph);
        session.Reuse.Cache ??= Cache(isReadOnly: false);
        session.Reuse.IgnoresCache = session.FromStart;
        _lines = new ProgressLines(CountOf(selected), line => Log.LogMessage(MessageImportance.High, "{0}", line), TimeProvider.System);
        DurationHistory history = Settings.History;
        WorkflowForecast forecast = new(history, _steps, selected, TimeProvider.System);
        WorkflowRunner runner = new(input.Graph, _steps, selected, forecast, Options(input), session.Run, session.Reuse, this, TimeProvider.System, Random.Shared.NextDouble) { OnTick = Tick, EngineStopping = _engineStopping.Token };
        (_runner, _forecast) = (runner, forecast);
        try
        {
            runner.Run();
        }
        finally
        {
            _runner = null;
        }

        Keep(forecast);
        session.History = history;
        _lines.Flush(isDue: true);
        _selected = selected;
    }

    private void Tick()
    {
        Estimate();
        _lines!.Flush(isDue: false);
    }

    private void Estimate()
    {
        if (_forecast!.Update(_runner!, bug => Debug($"The time left is not known any more: {bug}")) is { } estimate)
        {
            _lines!.TimeLeft = estimate.Median >= NotableTime && !_session!.Run.Stopping.IsCancellationRequested ? TimeLeftText.Left(estimate) : "";
            _lines.Remind(TimeLeftText.Line(estimate, NameOf));
            _session!.Run.ReportEstimate(new RunEstimate(estimate.Done, estimate.Total, estimate.PercentOfWork, estimate.Median, estimate.P90, TimeLeftText.Names(estimate.CriticalPath, NameOf)));
        }
    }

    private string NameOf(int step) => _graph!.Steps[step].Name;

    private void Keep(WorkflowForecast forecast)
    {
        try
        {
            forecast.Save();
        }
        catch (KinetraException error)
        {
            Say($"The durations of the steps are not kept: {error.Message}", LogLevel.Warning);
        }

        if (_session!.Reuse is { HasKept: true, Cache: { } cache })
        {
            try
            {
                TrimResult trimmed = cache.Trim();
                if (trimmed.RemovedSteps > 0)
                {
                    Debug($"The cache was trimmed: {trimmed.RemovedSteps} steps and {ByteSize.Format(trimmed.RemovedBytes)} removed, {ByteSize.Format(trimmed.Size)} kept (KinetraCacheSize).");
                }
            }
            catch (KinetraException error) when (error.Code == DiagnosticCodes.CacheUnusable)
            {
                Warning(error);
            }
        }
    }

    private WorkflowStep[] StepsOf(GraphInput input, StepSurroundings surroundings)
    {
        WorkflowStep[] steps = new WorkflowStep[input.Items.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            StepParameters parameters = input.Parameters[i];
            StepLines? output = surroundings.Run is not null && _hearsNormal && !parameters.IsForEngine ? new StepLines(parameters.Input.Name, Log, isHeld: true) : null;
            if (output is not null)
            {
                _output[i] = output;
            }

            steps[i] = new WorkflowStep(
                parameters.Definition,
                parameters.IsForEngine ? new ProjectStep(parameters, BuildEngine, Settings, surroundings.Run, () => _runner!.Meanwhile()) : new CommandStep(parameters, surroundings, output))
            {
                IsForEngine = parameters.IsForEngine,
                ExpectedDuration = input.Items[i].ExpectedDuration,
            };
        }

        return steps;
    }

    private WorkflowOptions Options(GraphInput input) => new(MaxParallel is null ? Settings.MaxParallel : ParallelOf(MaxParallel), input.Pools, Settings.GracePeriod)
    {
        KeepsGoing = Settings.KeepGoing,
        CancelsOnFailure = Settings.CancelsOnFailure,
    };

    private StepCache? Cache(bool isReadOnly) =>
        Settings.CacheDirectory is { } directory ? new StepCache(directory, Settings.CacheSize, TimeProvider.System) { IsReadOnly = isReadOnly } : null;

    private void Plan(GraphInput input, IReadOnlyList<bool> selected)
    {
        Settings.Validate();
        using StepReuse reuse = StepReuse.ForPreview(Settings.Run, TimeProvider.System);
        reuse.Cache = Cache(isReadOnly: true);
        WorkflowOptions options = Options(input);
        WorkflowStep[] steps = StepsOf(input, new StepSurroundings(Settings, null, null, null));
        WorkflowForecast forecast = new(Settings.History, steps, selected, TimeProvider.System);
        WorkflowPlan plan = WorkflowPlan.Make(input.Graph, steps, selected, forecast.Seconds, options, reuse);
        if (PlanOnly)
        {
            foreach (string line in PlanLines.Of(Settings.Workflow, plan, input.Graph, forecast.Expected, options.MaxParallel))
            {
                Log.LogMessage(MessageImportance.High, "{0}", line);
            }
        }

        if (_isQuestion && !plan.IsUpToDate)
        {
            throw new KinetraException(DiagnosticCodes.NotUpToDate, PlanLines.WhyNotUpToDate(plan, input.Graph));
        }
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
            RunSummary.End(session, RunStatus.Failed, Log, Warning, Settings.ProjectName);
        }
    }

    private static int CountOf(IReadOnlyList<bool> selected)
    {
        int count = 0;
        for (int i = 0; i < selected.Count; i++)
        {
            count += selected[i] ? 1 : 0;
        }

        return count;
    }

    private ITaskItem Result(int step)
    {
        StepOutcome? outcome = _outcomes[step];
        return StepResultItem.Create(
            NameOf(step),
            outcome?.Status ?? StepStatus.Skipped,
            outcome?.Duration,
            outcome?.Attempts ?? 0,
            outcome?.ExitCode,
            outcome?.Reason ?? _skipped[step]?.Reason,
            outcome?.LogFile);
    }

    private static int ParallelOf(string text) => CountText.TryParse(text, out int number)
        ? number
        : throw new KinetraException(DiagnosticCodes.InvalidValue, $"MaxParallel: \"{text}\" is not a whole number of 1 or more.");
}
