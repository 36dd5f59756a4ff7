using System.Collections.Concurrent;
using System.Diagnostics;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Tests.Steps;
using Kinetra.Build.Core.Workflows;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>Runs a graph by the real runner as a real run, with steps that only watch: who runs when, beside whom, and on which thread.</summary>
internal sealed class WatchedWorkflow : IWorkflowListener, IDisposable
{
    private readonly TestProject _project;
    private readonly TestWorkflow _workflow;
    private readonly StepReuse _reuse;
    private readonly object _gate = new();
    private readonly int[] _begun;
    private readonly bool[] _ended;
    private readonly HashSet<int> _running = [];
    private int _attempts;
    private int _thread;

    public WatchedWorkflow(TestProject project, TestWorkflow workflow, RunSettings? settings = null)
    {
        (_project, _workflow) = (project, workflow);
        (_begun, _ended) = (new int[workflow.Behaviours.Length], new bool[workflow.Behaviours.Length]);
        Run = WorkflowRun.Start(settings ?? project.Settings(), TimeProvider.System);
        _reuse = new StepReuse(Run, TimeProvider.System);
        WorkflowStep[] steps = [.. workflow.Behaviours.Select((behaviour, i) => new WorkflowStep(
            new StepDefinition(workflow.Graph.Steps[i].Name, workflow.Graph.Steps[i].IsCritical, new RetryPolicy(behaviour.MaxAttempts, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)), new RetryExitCodes([], []), null),
            new FakeStep(project, workflow.Graph.Steps[i].Name, attempt => Attempt(i, attempt)) { Outputs = behaviour.Output is { } output ? [output] : [] }) { IsForEngine = behaviour.IsForEngine })];
        WorkflowForecast forecast = new(WorkflowForecast.HistoryIn(Run.StateDirectory, "master"), steps, workflow.Selected, TimeProvider.System);
        Runner = new WorkflowRunner(workflow.Graph, steps, workflow.Selected, forecast, workflow.Options, Run, _reuse, this, TimeProvider.System, () => .5) { OnTick = () => forecast.Update(Runner!, bug => throw bug) };
    }

    public WorkflowRun Run { get; }

    public WorkflowRunner Runner { get; }

    /// <summary>What must never be.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>Called when the nth attempt of all begins.</summary>
    public Action<int> OnAttempt { get; init; } = _ => { };

    /// <summary>Called by an attempt of a step before it ends, in place of a pause.</summary>
    public Action<int>? OnStep { get; init; }

    /// <summary>Whether the run was told to stop, and whoever told it has returned.</summary>
    public volatile bool IsStopped;

    /// <summary>How many times a step began though the run had been told to stop.</summary>
    public int BegunAfterStop { get; private set; }

    /// <summary>Runs it, and ends the run. Fails the test if that takes too long.</summary>
    public void RunToEnd()
    {
        Exception? thrown = null;
        Thread thread = new(() =>
        {
            _thread = Environment.CurrentManagedThreadId;
            try
            {
                Runner.Run();
            }
            catch (Exception error)
            {
                thrown = error;
            }
        }) { IsBackground = true };
        thread.Start();
        if (!thread.Join(TimeSpan.FromSeconds(60)))
        {
            throw new TimeoutException("The runner hangs.");
        }

        if (thrown is not null)
        {
            throw new AggregateException(thrown);
        }

        bool failed = Run.Steps.Any(step => step is { IsCritical: true, Status: StepStatus.Failed });
        Run.Finish(failed ? RunStatus.Failed : RunStatus.Completed);
        Check();
    }

    public void Dispose()
    {
        _reuse.Dispose();
        Run.Dispose();
    }

    void IWorkflowListener.Report(LogLevel level, string message)
    {
    }

    void IWorkflowListener.Problem(Problem problem)
    {
    }

    void IWorkflowListener.Warn(KinetraException warning)
    {
    }

    void IWorkflowListener.Ended(int step, StepOutcome outcome)
    {
        lock (_gate)
        {
            Note(_ended[step], $"{step} ended twice");
            _ended[step] = true;
        }
    }

    void IWorkflowListener.Broken(int step, KinetraException error) => Problems.Enqueue($"{step} is broken: {error.Message}");

    void IWorkflowListener.Skipped(int step, StepRecord record)
    {
        lock (_gate)
        {
            Note(_ended[step] || _begun[step] > 0, $"{step} was skipped after it had begun");
            _ended[step] = true;
        }
    }

    private AttemptResult Attempt(int step, Attempt attempt)
    {
        Behaviour behaviour = _workflow.Behaviours[step];
        Begin(step, attempt);
        if (OnStep is not null)
        {
            OnStep(step);
        }
        else if (behaviour.Delay > 0)
        {
            Pass(behaviour.Delay, attempt.Cancellation);
        }

        lock (_gate)
        {
            _running.Remove(step);
        }

        return attempt.Cancellation.IsCancellationRequested ? new AttemptResult(ProcessEnd.Cancelled, 143, [], null)
            : attempt.Number > behaviour.Failures ? FakeStep.Success : FakeStep.Failure;
    }

    private void Begin(int step, Attempt attempt)
    {
        int number;
        lock (_gate)
        {
            bool isStopped = IsStopped;
            number = ++_attempts;
            Note(!_workflow.Selected[step], $"{step} is not selected");
            Note(++_begun[step] != attempt.Number, $"{step}: attempt {attempt.Number} is its beginning number {_begun[step]}");
            Note(!_running.Add(step), $"{step} runs twice at a time");
            Note(_ended[step], $"{step} runs after its end");
            foreach (Dependency before in _workflow.Graph.DependenciesOf(step))
            {
                Note(_workflow.Selected[before.Step] && !_ended[before.Step], $"{step} began before {before.Step}, which it depends on, ended");
            }

            Note(_running.Count > _workflow.Options.MaxParallel, $"{_running.Count} at a time");
            foreach ((string pool, int limit) in _workflow.Options.Pools)
            {
                int users = _running.Count(one => _workflow.Graph.Steps[one].Pool == pool);
                Note(users > limit, $"{users} of {pool} at a time");
            }

            if (_workflow.Behaviours[step].IsForEngine)
            {
                Note(Environment.CurrentManagedThreadId != _thread, $"{step}, for the engine, is on another thread");
            }
            else
            {
                Note(Environment.CurrentManagedThreadId == _thread, $"{step} is on the engine's thread");
            }

            if (_workflow.Graph.Steps[step].Always)
            {
                Note(Enumerable.Range(0, _ended.Length).Any(i => _workflow.Selected[i] && !_workflow.Graph.Steps[i].Always && !_ended[i]), $"{step}, which runs last, began before the others ended");
            }
            else if (isStopped)
            {
                BegunAfterStop++;
                Note(!attempt.Cancellation.IsCancellationRequested, $"{step} began after the stop and was not told");
            }
        }

        OnAttempt(number);
    }

    // What the run, its journal and its state say at the end.
    private void Check()
    {
        foreach (IGrouping<string, StepRecord> step in Run.Steps.GroupBy(step => step.Name).Where(step => step.Count() > 1))
        {
            Problems.Enqueue($"{step.Key} is in the run {step.Count()} times");
        }

        RecordedRun recorded = RecordedRun.TryRead(Run.StateDirectory, Run.Id)!;
        recorded.ReadSteps();
        string Line(StepRecord step) => $"{step.Number} {step.Name} {step.Status} {step.Attempts} {step.ExitCode} {step.Reason}";
        Note(!recorded.Run.Steps.Select(Line).SequenceEqual(Run.Steps.Select(Line)), "the journal has other steps than the run");
        Note(recorded.Run.Status != Run.Status, $"the journal says {recorded.Run.Status}, the run {Run.Status}");
        Note(!File.ReadAllBytes(Run.StateFile.Full).AsSpan().SequenceEqual(StateFile.Format(recorded.Run)), "the state file does not agree with the journal");
    }

    private void Note(bool isWrong, string problem)
    {
        if (isWrong)
        {
            Problems.Enqueue(problem);
        }
    }

    private static void Pass(int tenths, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(tenths * 100) && !cancellation.IsCancellationRequested)
        {
            Thread.Sleep(tenths > 10 ? 1 : 0);
        }
    }
}
