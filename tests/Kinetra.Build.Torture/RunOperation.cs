using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Torture;

/// <summary>
/// A run of a workflow of three steps, as an operation for the sweeps. It prints <c>done NAME</c> for each step as soon as that is
/// said to be done: from then on nothing may forget it.
/// </summary>
public static class RunOperation
{
    /// <summary>The workflow.</summary>
    public const string Workflow = "master";

    /// <summary>The log directory.</summary>
    public const string LogsName = "logs";

    /// <summary>The steps.</summary>
    public static readonly IReadOnlyList<string> Steps = ["a", "b", "c"];

    /// <summary>What the product does.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("workflow", "", "", _ => { }, project => Run(project, resume: false)),
        new("workflow-continued", "", "", Killed, project => Run(project, resume: true)),
    ];

    /// <summary>How many steps <see cref="Undone"/> undoes.</summary>
    public const int UndoneCount = 16;

    /// <summary>
    /// A continued run that undoes completed steps, all at the same time: it prints <c>begun NAME</c> where the processes of each would be started. Not in the sweeps,
    /// whose victims make their calls in one order.
    /// </summary>
    public static Operation Undone { get; } = new("workflow-undone", "", "", Completed, project => Undo(project));

    /// <summary>What does it wrongly: a journal that is not flushed, and one that gets its record when the step was already said to be done.</summary>
    public static IReadOnlyList<Operation> Mutants { get; } =
    [
        new("naive-journal", "", "", Empty, project => Write(project, early: false, flush: true)),
        new("naive-journal-unflushed", "", "", Empty, project => Write(project, early: false, flush: false)),
        new("naive-journal-early", "", "", Empty, project => Write(project, early: true, flush: true)),
    ];

    /// <summary>The settings of the runs. They write at once, so that a sweep finds each call where it was the last time.</summary>
    public static RunSettings Settings(Scene project, bool resume) =>
        new(Workflow, project.Path(Scene.StateName), project.Path(LogsName), 10, new Dictionary<string, string> { ["version"] = "2.0" }) { Resume = resume, WritesAtOnce = true };

    /// <summary>Runs the workflow to its end; what is known as completed is not run again.</summary>
    public static void Run(Scene project, bool resume)
    {
        using WorkflowRun run = WorkflowRun.Start(Settings(project, resume), new FixedTime());
        foreach (string name in Steps)
        {
            int occurrence = run.Reserve(name);
            if (run.Prior(name, occurrence) is { Status: StepStatus.Completed } prior)
            {
                run.TakeOver(prior, critical: true, "completed before");
                continue;
            }

            StepRecord step = run.Begin(name, occurrence, critical: true, null, "to be done");
            run.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=" + name);
            run.End(step, StepStatus.Completed, 1, 0, null, null);
            Console.WriteLine("done " + name);
        }

        run.Finish(RunStatus.Completed);
    }

    // A run that was completed, and one of which the first step was done when its build died in the second.
    private static void Killed(Scene project)
    {
        using (WorkflowRun first = WorkflowRun.Start(Settings(project, resume: false), new FixedTime()))
        {
            first.Finish(RunStatus.Completed);
        }

        using WorkflowRun run = WorkflowRun.Start(Settings(project, resume: false), new FixedTime());
        run.End(run.Begin("a", critical: true), StepStatus.Completed, 1, 0, null, null);
        run.BeginAttempt(run.Begin("b", critical: true), 1, "KINETRA_ATTEMPT_ID=b");
    }

    // A run whose build died when all its steps were done.
    private static void Completed(Scene project)
    {
        using WorkflowRun run = WorkflowRun.Start(Settings(project, resume: false), new FixedTime());
        for (int i = 1; i <= UndoneCount; i++)
        {
            run.End(run.Begin($"s{i}", critical: true), StepStatus.Completed, 1, 0, null, null);
        }
    }

    private static void Undo(Scene project)
    {
        using WorkflowRun run = WorkflowRun.Start(Settings(project, resume: true), new FixedTime());
        StepRecord[] steps = [.. Enumerable.Range(1, UndoneCount).Select(i => run.Begin($"s{i}", run.Reserve($"s{i}"), critical: true, null, "it is out of date"))];
        Thread[] threads = [.. steps.Select(step => new Thread(() =>
        {
            run.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=" + step.Name);
            Console.WriteLine("begun " + step.Name);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static void Empty(Scene project) => StateDirectory.Ensure(project.Path(Scene.StateName));

    private static void Write(Scene project, bool early, bool flush)
    {
        FixedTime time = new();
        RunRecord record = new() { Workflow = Workflow, Id = "20261123_045501", Number = 1, ProcessId = 1, Host = "h", StartTime = time.GetUtcNow(), LogFile = "", Metadata = new Dictionary<string, string>() };
        using RunJournal journal = RunJournal.TryCreate(project.Path(Scene.StateName).Combine(record.Id + RunJournal.Extension), record, [], time)!;
        foreach (string name in Steps)
        {
            StepRecord step = new(record.Steps.Count + 1, name, 1, critical: true) { StartTime = record.StartTime, Status = StepStatus.Running };
            record.Add(step);
            journal.Begin(step);
            (step.Status, step.Duration) = (StepStatus.Completed, TimeSpan.Zero);
            if (early)
            {
                Console.WriteLine("done " + name);
            }

            // A step that is taken over needs no flush.
            Action<StepRecord> end = flush ? journal.End : journal.TakeOver;
            end(step);
            if (!early)
            {
                Console.WriteLine("done " + name);
            }
        }
    }
}
