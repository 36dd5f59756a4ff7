using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Runs a step of the workflow: a command, a program with arguments, or a build of projects; with retries, a time-out for
/// each attempt, a log of its output, and a place in the run's state and summary. The first step of a build begins the run.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class RunStepWithRetry : KinetraTask, ICancelableTask, IIncrementalTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private int? _maxAttempts;
    private bool _isQuestion;

    /// <summary>The step's name, anything that a person would write. It may recur; occurrences are averaged in the summary.</summary>
    [Required]
    public string StepName { get; set; } = "";

    /// <summary>A line for the shell: <c>/bin/sh -c</c>, on Windows <c>cmd /c</c>. Exactly one of Command, Arguments and Projects is given.</summary>
    public string? Command { get; set; }

    /// <summary>The program and its arguments, an item each, which reach it verbatim without a shell.</summary>
    public string[]? Arguments { get; set; }

    /// <summary>Projects to build as the step, by the engine of this build. Each attempt really builds again.</summary>
    public ITaskItem[]? Projects { get; set; }

    /// <summary>The targets to build in Projects, default: their default targets; without Projects, those of this project.</summary>
    public string[]? Targets { get; set; }

    /// <summary>Global properties for Projects, <c>Name=value</c> each.</summary>
    public string[]? Properties { get; set; }

    /// <summary>Where the program runs, relative to the project. Default: the project's directory.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>Variables for the program, <c>NAME=value</c> each; they win over all others. Never a secret: a binlog records parameters.</summary>
    public string[]? Environment { get; set; }

    /// <summary>A <c>.env</c> file for the program, relative to the project; its checksum is verified first, its values are masked. Default: <c>KinetraEnvironmentFile</c>.</summary>
    public string? EnvironmentFile { get; set; }

    /// <summary>Names of variables whose values are masked in the output and its log, besides <c>KinetraSecretVariables</c>.</summary>
    public string[]? SecretVariables { get; set; }

    /// <summary>
    /// What it reads: files, directories, patterns (<c>*</c>, <c>?</c>, <c>**</c>), relative to the project. A change of one makes a resumed run
    /// run the step again. A plain file must exist when the step begins.
    /// </summary>
    public string[]? Inputs { get; set; }

    /// <summary>
    /// What it writes, in the same form. A plain file must exist when the step has succeeded; a resumed run runs the step again
    /// if one has changed or is gone.
    /// </summary>
    public string[]? Outputs { get; set; }

    /// <summary>
    /// What it is run with: programs (a change of the file counts), and command lines with a blank (a change of what they print
    /// counts), such as <c>dotnet --version</c>.
    /// </summary>
    public string[]? Tools { get; set; }

    /// <summary>Any text; a change of it makes a resumed run run the step again.</summary>
    public string? Salt { get; set; }

    /// <summary>Whether the workflow fails if the step does. Default true; false makes its failure a warning.</summary>
    public bool Critical { get; set; } = true;

    /// <summary>Attempts in all, the first included; 1 or more. Default: <c>KinetraMaxAttempts</c>.</summary>
    public int MaxAttempts { get => _maxAttempts ?? 0; set => _maxAttempts = value; }

    /// <summary>The pause after the first failed attempt; it doubles from one to the next. Default: <c>KinetraRetryDelay</c>.</summary>
    public string? RetryDelay { get; set; }

    /// <summary>No pause is longer. Default: <c>KinetraMaxRetryDelay</c>.</summary>
    public string? MaxRetryDelay { get; set; }

    /// <summary>If given, only these exit codes are tried again: numbers and ranges such as <c>75;64-70</c>. A time-out always is.</summary>
    public string[]? RetryExitCodes { get; set; }

    /// <summary>These exit codes fail at once. 126 and 127 (not executable, not found) always do unless RetryExitCodes has them.</summary>
    public string[]? NoRetryExitCodes { get; set; }

    /// <summary>How long an attempt may take before its whole process tree is ended. Default: for ever.</summary>
    public string? Timeout { get; set; }

    /// <summary>What to tell the user if the step fails.</summary>
    public string? Suggestion { get; set; }

    // What the engine asks with -question: the task fails, as it would run the step.
    bool IIncrementalTask.FailIfNotIncremental { set => _isQuestion = value; }

    /// <summary>The exit code of the last attempt; -1 if it did not end by itself.</summary>
    [Output]
    public int ExitCode { get; private set; } = -1;

    /// <summary>How many attempts were made.</summary>
    [Output]
    public int Attempts { get; private set; }

    /// <summary>How long the step took, pauses included, in seconds: <c>12.345s</c>.</summary>
    [Output]
    public string? Duration { get; private set; }

    /// <summary><c>completed</c>, <c>failed</c> or <c>interrupted</c>.</summary>
    [Output]
    public string? Status { get; private set; }

    /// <summary>The output of the last attempt.</summary>
    [Output]
    public string? LogFile { get; private set; }

    /// <summary>Told by the engine to stop. It may be called very often, so it only passes the word on.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Frees what the cancellation holds.</summary>
    public void Dispose() => _cancellation.Dispose();

    private protected override void Run()
    {
        StepParameters parameters = StepParameters.Parse(StepInput.Of(this, _maxAttempts), Settings);
        if (_isQuestion)
        {
            throw new KinetraException(DiagnosticCodes.NotUpToDate, $"Step \"{StepName}\" would be run: a step that is a task of a target always is, unless a run is continued.");
        }

        RunSession session = RunSession.GetOrBegin(BuildEngine, Settings, out bool begun);
        if (begun)
        {
            ReportBeginning(session);
        }

        if (session.IsFailing)
        {
            throw new KinetraException(DiagnosticCodes.RunEnded, $"Step \"{StepName}\" was not started: a critical step of run {session.Run.Id} has failed, and nothing new starts.");
        }

        using CancellationTokenRegistration stop = _cancellation.Token.Register(session.Run.Stop);
        IStepWork work = parameters.IsForEngine
            ? new ProjectStep(parameters, BuildEngine, Settings, session.Run)
            : new CommandStep(
                parameters,
                new StepSurroundings(Settings, session.Run, session.Watchdog, new IntegrityCheck(Checksums, ProtectedFiles)) { Note = Note, Debug = Debug },
                Log.LogsMessagesOfImportance(MessageImportance.Normal) ? new StepLines(StepName, Log, isHeld: false) : null);
        StepRunner runner = new(session.Run, session.Reuse, TimeProvider.System, Random.Shared.NextDouble, Report, problem => Report(problem, session.Run));
        StepOutcome outcome = runner.Run(parameters.Definition, work, _cancellation.Token);

        ExitCode = outcome.ExitCode ?? -1;
        Attempts = outcome.Attempts;
        Duration = string.Create(CultureInfo.InvariantCulture, $"{outcome.Duration.TotalSeconds:0.000}s");
        Status = outcome.Status.Word();
        LogFile = outcome.LogFile;
        Conclude(session, outcome);
    }

    private void Conclude(RunSession session, StepOutcome outcome)
    {
        Tell(outcome);
        SayIfUnwatched(session);

        // ContinueOnError lets the rest of the targets run; EndWorkflowRun then has the last word.
        bool fails = outcome.Failure is not null && (outcome.Status == StepStatus.Interrupted || (Critical && !BuildEngine.ContinueOnError));
        session.IsFailing |= fails;

        // Steps of other projects of the build may still run; the last one ends the run.
        if (session.IsFailing && session.Run.Steps.All(step => step.Status != StepStatus.Running))
        {
            RunSummary.End(session, RunStatus.Failed, Log, Warning, Settings.ProjectName);
        }
    }

    private void Tell(StepOutcome outcome)
    {
        if (outcome.Failure is not null)
        {
            if (outcome.Status == StepStatus.Failed && !Critical)
            {
                Warning(outcome.Failure);
            }
            else
            {
                Error(outcome.Failure);
            }

            return;
        }

        if (outcome.ResumedFrom is not null)
        {
            Say($"{StepName}: not run again: {outcome.Reason}.");
            return;
        }

        string attempts = outcome.Attempts > 1 ? $" (attempt {outcome.Attempts})" : "";
        Say($"{StepName}: completed in {Core.Duration.Format(outcome.Duration)}{attempts}.");
        if (outcome.Warning is not null)
        {
            Warning(outcome.Warning);
        }
    }
}
