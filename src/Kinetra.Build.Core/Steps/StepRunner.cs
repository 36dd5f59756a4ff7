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
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly Action<LogLevel, string> _report;
    private readonly Action<Problem>? _problem;

    /// <summary>Creates a runner for a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">The clock for pauses and durations.</param>
    /// <param name="random">Numbers from 0 up to 1, for the pauses.</param>
    /// <param name="report">Gets what happens, for the build's and the run's log. Failures are returned, not reported.</param>
    /// <param name="problem">Gets the problems that the output of an attempt has, when it is known what became of that; null if nobody listens.</param>
    public StepRunner(WorkflowRun run, TimeProvider time, Func<double> random, Action<LogLevel, string> report, Action<Problem>? problem = null) =>
        (_run, _time, _random, _report, _problem) = (run, time, random, report, problem);

    /// <summary>Runs a step to its end.</summary>
    /// <param name="step">What it is.</param>
    /// <param name="attempt">Makes an attempt. A <see cref="KinetraException"/> that it throws fails the step at once.</param>
    /// <param name="cancellation">Ends the step, apart from <see cref="WorkflowRun.Stopping"/>.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.RunEnded"/>: the step was not begun.</exception>
    public StepOutcome Run(StepDefinition step, Func<Attempt, AttemptResult> attempt, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _run.Stopping);
        StepRecord record = _run.Begin(step.Name, step.IsCritical);
        int attempts = 0;
        AttemptResult? result = null;
        StepStatus status;
        KinetraException? failure;
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            result = new RetryLoop<AttemptResult>(step.Retry, _time, _random).Run(
                number =>
                {
                    attempts = number;
                    return result = Attempt(step, record, number, attempt, stop.Token);
                },
                step.ExitCodes.Allow,
                (failed, number, pause) =>
                {
                    Tell(step, failed, AttemptFate.TriedAgain);
                    _report(LogLevel.Warning, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} failed: {Describe(failed)}; next attempt in {Duration.Format(pause)}.");
                },
                stop.Token);
            (status, failure) = Judge(step, result, attempts);
            Tell(step, result, FateOf(status, step.IsCritical));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (status, failure) = (StepStatus.Interrupted, Interrupted(step));
        }
        catch (KinetraException error)
        {
            (status, failure) = (StepStatus.Failed, CouldNotRun(step, error));
        }

        (record.Operations, record.Progress) = (result?.Output.Operations ?? [], result?.Output.Progress);
        int? exitCode = result is { End: ProcessEnd.Exited } ? result.ExitCode : null;
        _run.End(record, status, attempts, exitCode, failure?.Message, result?.LogFile);
        return new StepOutcome(status, attempts, exitCode, record.Duration!.Value, result?.LogFile, failure);
    }

    private AttemptResult Attempt(StepDefinition step, StepRecord record, int number, Func<Attempt, AttemptResult> attempt, CancellationToken stop)
    {
        _report(LogLevel.Debug, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} begins.");
        AttemptResult result = attempt(new Attempt(number, _run.OutputOf(record, number), stop));
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
        return (StepStatus.Failed, new KinetraException(code, FailureMessage.Compose($"Step \"{step.Name}\" failed {tried}: {Describe(result)}.", result, FailureMessage.Choose(step.Suggestion, Suggestions.For(result)))));
    }

    private static AttemptFate FateOf(StepStatus status, bool isCritical) => status switch
    {
        StepStatus.Completed => AttemptFate.Succeeded,
        StepStatus.Interrupted => AttemptFate.Interrupted,
        _ => isCritical ? AttemptFate.Failed : AttemptFate.Tolerated,
    };

    private void Tell(StepDefinition step, AttemptResult result, AttemptFate fate)
    {
        foreach (Problem problem in result.Output.ProblemsAfter(fate, step.Name))
        {
            _problem?.Invoke(problem);
        }
    }

    private static string Describe(AttemptResult result) =>
        result.End == ProcessEnd.TimedOut ? "it took longer than its time-out and was ended" : ExitCode.Describe(result.ExitCode);

    private static KinetraException Interrupted(StepDefinition step) =>
        new(DiagnosticCodes.StepInterrupted, $"Step \"{step.Name}\" was interrupted: the build was told to stop. Its processes have been ended; build again to run it.");

    private static KinetraException CouldNotRun(StepDefinition step, KinetraException error) =>
        new(error.Code, FailureMessage.Compose($"Step \"{step.Name}\" failed: {error.Message}", null, FailureMessage.Choose(step.Suggestion, Suggestions.For(error.Code))), error) { File = error.File, Line = error.Line };
}
