using Kinetra.Build.Core.Cache;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Tests.Steps;
using Kinetra.Build.Core.Workflows;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>A project with a cache whose graph is planned, and then really run, again and again.</summary>
internal sealed class PlanScene : IWorkflowListener, IDisposable
{
    private readonly TestProject _project = new();

    /// <summary>The steps; those of the next plan or run.</summary>
    public List<PlanStep> Steps { get; init; } = [];

    /// <summary>Which of them take part; all if it is empty.</summary>
    public HashSet<string> Selected { get; } = [];

    public int MaxParallel { get; set; } = 1;

    public bool KeepsGoing { get; set; }

    public bool Resume { get; set; }

    /// <summary>Whether a run knows how long steps took in earlier ones.</summary>
    public bool RemembersDurations { get; set; } = true;

    public string this[string relative] => _project.Folder[relative];

    public void Write(string relative, string content) => _project.Folder.Write(relative, content);

    public void Delete(string relative) => File.Delete(this[relative]);

    /// <summary>Deletes a directory, as that of the cache.</summary>
    public void Clear(string relative)
    {
        if (Directory.Exists(this[relative]))
        {
            Directory.Delete(this[relative], recursive: true);
        }
    }

    /// <summary>What a plan says of each step, in its order.</summary>
    public IReadOnlyList<(string Name, PlannedAction Action, string Reason)> Plan() =>
        [.. Make(Graph()).Steps.Select(step => (Steps[step.Step].Name, step.Action, step.Reason))];

    /// <summary>What <c>-question</c> says.</summary>
    public string WhyNotUpToDate()
    {
        StepGraph graph = Graph();
        return PlanLines.WhyNotUpToDate(Make(graph), graph);
    }

    /// <summary>What a plan says of a step.</summary>
    public (PlannedAction Action, string Reason) PlanOf(string name)
    {
        (_, PlannedAction action, string reason) = Plan().Single(step => step.Name == name);
        return (action, reason);
    }

    /// <summary>Runs it. What became of each step, in the order in which they began.</summary>
    public IReadOnlyList<StepRecord> Run()
    {
        using WorkflowRun run = WorkflowRun.Start(Settings(), TimeProvider.System);
        using StepReuse reuse = new(run, TimeProvider.System) { Cache = Cache(isReadOnly: false) };
        WorkflowStep[] steps = Works();
        WorkflowForecast forecast = Forecast(steps);
        new WorkflowRunner(Graph(), steps, SelectedOnes(), forecast, Options(), run, reuse, this, TimeProvider.System, () => .5).Run();
        if (RemembersDurations)
        {
            forecast.Save();
        }

        run.Finish(run.Steps.Any(step => step is { IsCritical: true, Status: StepStatus.Failed }) ? RunStatus.Failed : RunStatus.Completed);
        return [.. run.Steps];
    }

    /// <summary>Whether a step was run, not only looked at.</summary>
    public static bool HasRun(StepRecord step) => step is { Status: StepStatus.Completed or StepStatus.Failed or StepStatus.Interrupted, ResumedFrom: null };

    public void Dispose() => _project.Dispose();

    void IWorkflowListener.Report(LogLevel level, string message)
    {
    }

    void IWorkflowListener.Problem(Problem problem)
    {
    }

    void IWorkflowListener.Ended(int step, StepOutcome outcome)
    {
    }

    void IWorkflowListener.Warn(KinetraException warning)
    {
    }

    void IWorkflowListener.Broken(int step, KinetraException error) => throw new InvalidOperationException($"{step} is broken", error);

    void IWorkflowListener.Skipped(int step, StepRecord record)
    {
    }

    private WorkflowPlan Make(StepGraph graph)
    {
        WorkflowStep[] steps = Works();
        using StepReuse reuse = StepReuse.ForPreview(Settings(), TimeProvider.System);
        reuse.Cache = Cache(isReadOnly: true);
        return WorkflowPlan.Make(graph, steps, SelectedOnes(), Forecast(steps).Seconds, Options(), reuse);
    }

    private RunSettings Settings() => _project.Settings() with { WritesAtOnce = false, Resume = Resume };

    private StepCache Cache(bool isReadOnly) => new(_project.Path(".workflow_cache"), null, TimeProvider.System) { IsReadOnly = isReadOnly };

    private WorkflowOptions Options() => new(MaxParallel, new Dictionary<string, int>(), TimeSpan.FromSeconds(30)) { KeepsGoing = KeepsGoing };

    private bool[] SelectedOnes() => [.. Steps.Select(step => Selected.Count == 0 || Selected.Contains(step.Name))];

    private WorkflowForecast Forecast(WorkflowStep[] steps) =>
        new(WorkflowForecast.HistoryIn(_project.Path(TestProject.State), "master"), steps, SelectedOnes(), TimeProvider.System);

    private StepGraph Graph() => StepGraph.Create(
        _project.Folder.Root,
        [
            .. Steps.Select(step => new GraphStep(step.Name)
            {
                DependsOn = step.DependsOn,
                Inputs = step.Inputs,
                Outputs = step.Outputs,
                IsCritical = step.IsCritical,
                Always = step.Always,
                Priority = step.Priority,
            }),
        ],
        []);

    private WorkflowStep[] Works() =>
    [
        .. Steps.Select(step => new WorkflowStep(
            new StepDefinition(step.Name, step.IsCritical, new RetryPolicy(1, TimeSpan.Zero, TimeSpan.Zero), new RetryExitCodes([], []), null) { UsesCache = step.UsesCache },
            new FakeStep(_project, step.Name, _ => Do(step)) { Command = step.Command, Inputs = step.Inputs, Outputs = step.Outputs })
        {
            ExpectedDuration = step.ExpectedDuration,
        }),
    ];

    private AttemptResult Do(PlanStep step)
    {
        if (File.Exists(this[$"fail-{step.Name}"]))
        {
            return FakeStep.Failure;
        }

        string made = $"{step.Name} {step.Command}\n{string.Concat(step.Inputs.Select(input => File.Exists(this[input]) ? File.ReadAllText(this[input]) : ""))}";
        foreach (string output in step.Outputs)
        {
            Write(output, made);
        }

        if (step.Undeclared is { } undeclared)
        {
            Write(undeclared, made);
        }

        return FakeStep.Success;
    }
}
