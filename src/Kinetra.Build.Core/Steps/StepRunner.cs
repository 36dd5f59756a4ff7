using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>Runs a step of a workflow: its attempts, the pauses between them, and what the run is to know of it.</summary>
public sealed class StepRunner
{
    // A step that dies of a signal may have been hit by the same kill as the build, whose own signal is then on its way.
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(300);

    private readonly WorkflowRun _run;
    private readonly StepReuse _reuse;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly Action<LogLevel, string> _report;

    /// <summary>Creates a runner for a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reuse">Decides which steps need not be run.</param>
    /// <param name="time">The clock for pauses and durations.</param>
    /// <param name="random">Numbers from 0 up to 1, for the pauses.</param>
    /// <param name="report">Gets what happens, for the build's and the run's log. Failures are returned, not reported.</param>
    public StepRunner(WorkflowRun run, StepReuse reuse, TimeProvider time, Func<double> random, Action<LogLevel, string> report) =>
        (_run, _reuse, _time, _random, _report) = (run, reuse, time, random, report);

    /// <summary>Runs a step to its end, unless the run that this one continues has completed it and nothing has changed.</summary>
    /// <param name="step">What it is.</param>
    /// <param name="work">Does it. A <see cref="KinetraException"/> that it throws fails the step at once.</param>
    /// <param name="cancellation">Ends the step, apart from <see cref="WorkflowRun.Stopping"/>.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.RunEnded"/>: the step was not begun.</exception>
    public StepOutcome Run(StepDefinition step, IStepWork work, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _run.Stopping);
        int occurrence = _run.Reserve(step.Name);
        StepDecision decision;
        try
        {
            decision = _reuse.Decide(work, occurrence);
        }
        catch (KinetraException error)
        {
            StepRecord unknown = _run.Begin(step.Name, occurrence, step.IsCritical, null, null);
            return End(unknown, StepStatus.Failed, 0, null, CouldNotRun(step, error), null);
        }

        if (decision.IsSkipped)
        {
            StepRecord taken = _run.TakeOver(decision.Prior!, step.IsCritical, decision.Reason);
            return new StepOutcome(taken.Status, taken.Attempts, taken.ExitCode, taken.Duration ?? TimeSpan.Zero, taken.LogFile, null) { ResumedFrom = taken.ResumedFrom, Reason = taken.Reason };
        }

        _report(decision.IsAgain ? LogLevel.Info : LogLevel.Debug, $"{step.Name}: started; {decision.Reason}.");
        StepRecord record = _run.Begin(step.Name, occurrence, step.IsCritical, decision.Fingerprint, decision.Reason);
        return Run(step, record, decision, work, stop);
    }

    private StepOutcome Run(StepDefinition step, StepRecord record, StepDecision decision, IStepWork work, CancellationTokenSource stop)
    {
        int attempts = 0;
        AttemptResult? result = null;
        StepResult? made = null;
        StepStatus status;
        KinetraException? failure;
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            result = new RetryLoop<AttemptResult>(step.Retry, _time, _random).Run(
                number =>
                {
                    attempts = number;
                    return result = Attempt(step, record, number, work, stop.Token);
                },
                step.ExitCodes.Allow,
                (failed, number, pause) => _report(LogLevel.Warning, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} failed: {Describe(failed)}; next attempt in {Duration.Format(pause)}."),
                stop.Token);
            (status, failure) = Judge(step, result, attempts);
            if (status == StepStatus.Completed)
            {
                made = _reuse.Examine(decision);
                (status, failure) = Judge(step, result, made);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (status, failure) = (StepStatus.Interrupted, Interrupted(step));
        }
        catch (KinetraException error)
        {
            (status, failure) = (StepStatus.Failed, CouldNotRun(step, error));
        }

        return End(record, status, attempts, result, failure, made);
    }

    private StepOutcome End(StepRecord record, StepStatus status, int attempts, AttemptResult? result, KinetraException? failure, StepResult? made)
    {
        int? exitCode = result is { End: ProcessEnd.Exited } ? result.ExitCode : null;
        if (made is not null)
        {
            (record.Outputs, record.Written, record.IsReusable) = (made.Outputs, made.Written, made.Changed.Count == 0);
        }

        _run.End(record, status, attempts, exitCode, failure?.Message, result?.LogFile);
        return new StepOutcome(status, attempts, exitCode, record.Duration!.Value, result?.LogFile, failure)
        {
            Reason = record.Reason,
            Warning = made is { Changed.Count: > 0 } ? Changed(record, made.Changed) : null,
        };
    }

    private AttemptResult Attempt(StepDefinition step, StepRecord record, int number, IStepWork work, CancellationToken stop)
    {
        _report(LogLevel.Debug, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} begins.");
        AttemptResult result = work.Run(new Attempt(number, _run.OutputOf(record, number), stop) { Begin = mark => _run.BeginAttempt(record, number, mark) });
        if (result.OutputHeld)
        {
            _report(LogLevel.Info, $"{step.Name}: a process that it left behind keeps its output open; what that prints from now on is not recorded.");
        }

        bool signalled = result is { End: ProcessEnd.Exited, ExitCode: 128 + 1 or 128 + 2 or 128 + 15 };
        if (signalled && !stop.IsCancellationRequested)
        {
            stop.WaitHandle.WaitOne(SignalDelay);
        }

        return signalled && stop.IsCancellationRequested ? result with { End = ProcessEnd.Cancelled } : result;
    }

    private (StepStatus Status, KinetraException? Failure) Judge(StepDefinition step, AttemptResult result, int attempts)
    {
        if (result.Succeeded)
        {
            return (StepStatus.Completed, null);
        }

        if (result.End == ProcessEnd.Cancelled)
        {
            return (StepStatus.Interrupted, Interrupted(step));
        }

        string tried = attempts == step.Retry.MaxAttempts
            ? $"after {attempts} of {step.Retry.MaxAttempts} attempts"
            : $"on attempt {attempts} of {step.Retry.MaxAttempts}, and is not tried again";
        string code = result.End == ProcessEnd.TimedOut ? DiagnosticCodes.StepTimedOut : DiagnosticCodes.StepFailed;
        return (StepStatus.Failed, new KinetraException(code, FailureMessage.Compose($"Step \"{step.Name}\" failed {tried}: {Describe(result)}.", result, step.Suggestion)));
    }

    private static (StepStatus Status, KinetraException? Failure) Judge(StepDefinition step, AttemptResult result, StepResult made) => made.Missing.Count == 0
        ? (StepStatus.Completed, null)
        : (StepStatus.Failed, new KinetraException(DiagnosticCodes.OutputMissing, FailureMessage.Compose($"Step \"{step.Name}\" failed: it ended with exit code 0, but its declared output {string.Join(", ", made.Missing)} does not exist.", result, step.Suggestion)));

    private static KinetraException Changed(StepRecord record, IReadOnlyList<string> changed) =>
        new(DiagnosticCodes.InputChanged, $"Step \"{record.Name}\" succeeded, but {string.Join(", ", changed)} changed while it ran: nobody knows which content it has seen, so a resumed run runs it again. If the step writes it, declare it in Outputs.");

    private static string Describe(AttemptResult result) =>
        result.End == ProcessEnd.TimedOut ? "it took longer than its time-out and was ended" : ExitCode.Describe(result.ExitCode);

    private static KinetraException Interrupted(StepDefinition step) =>
        new(DiagnosticCodes.StepInterrupted, $"Step \"{step.Name}\" was interrupted: the build was told to stop. Its processes have been ended; build again to run it.");

    private static KinetraException CouldNotRun(StepDefinition step, KinetraException error) =>
        new(error.Code, FailureMessage.Compose($"Step \"{step.Name}\" failed: {error.Message}", null, step.Suggestion), error) { File = error.File, Line = error.Line };
}
