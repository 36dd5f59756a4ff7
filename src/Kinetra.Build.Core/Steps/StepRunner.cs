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
    private readonly Action<Problem>? _problem;

    /// <summary>Creates a runner for a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reuse">Decides which steps need not be run.</param>
    /// <param name="time">The clock for pauses and durations.</param>
    /// <param name="random">Numbers from 0 up to 1, for the pauses.</param>
    /// <param name="report">Gets what happens, for the build's and the run's log. Failures are returned, not reported.</param>
    /// <param name="problem">Gets the problems that the output of an attempt has, when it is known what became of that; null if nobody listens.</param>
    public StepRunner(WorkflowRun run, StepReuse reuse, TimeProvider time, Func<double> random, Action<LogLevel, string> report, Action<Problem>? problem = null) =>
        (_run, _reuse, _time, _random, _report, _problem) = (run, reuse, time, random, report, problem);

    /// <summary>Runs a step to its end, unless the run that this one continues has completed it and nothing has changed.</summary>
    /// <param name="step">What it is.</param>
    /// <param name="work">Does it. A <see cref="KinetraException"/> that it throws fails the step at once.</param>
    /// <param name="cancellation">Ends the step, apart from <see cref="WorkflowRun.Stopping"/>.</param>
    /// <param name="context">Its place in the graph; null if it is in none.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.RunEnded"/>: the step was not begun. <see cref="DiagnosticCodes.StateUnwritable"/>: it could not be recorded.
    /// </exception>
    public StepOutcome Run(StepDefinition step, IStepWork work, CancellationToken cancellation, StepContext? context = null)
    {
        try
        {
            return RunOrReuse(step, work, cancellation, context);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.StateUnwritable)
        {
            throw StepFailure.NotRecorded(step, error);
        }
    }

    private StepOutcome RunOrReuse(StepDefinition step, IStepWork work, CancellationToken cancellation, StepContext? context)
    {
        using CancellationTokenSource stop = context is { IsAlways: true }
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellation)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellation, _run.Stopping);
        int occurrence = _run.Reserve(step.Name);
        StepDecision decision;
        try
        {
            decision = _reuse.Decide(step, work, occurrence, context);
        }
        catch (KinetraException error)
        {
            StepRecord unknown = _run.Begin(step.Name, occurrence, step.IsCritical, null, null, context is null && _reuse.MayOutdate(step.Name, occurrence));
            return End(unknown, StepStatus.Failed, 0, null, StepFailure.CouldNotRun(step, work, error), null);
        }

        if (decision.IsTakenOver || decision.Cached is not null)
        {
            StepRecord taken = decision.Cached is { } cached
                ? _run.Reuse(step.Name, occurrence, step.IsCritical, cached, decision.Reason)
                : _run.TakeOver(decision.Prior!, step.IsCritical, decision.Reason);
            return new StepOutcome(taken.Status, taken.Attempts, taken.ExitCode, taken.Duration ?? TimeSpan.Zero, taken.LogFile, null) { Record = taken, ResumedFrom = taken.ResumedFrom, Reason = taken.Reason };
        }

        _report(_run.ContinuesId is null ? LogLevel.Debug : LogLevel.Info, $"{step.Name}: started; {decision.Reason}.");
        StepRecord record = _run.Begin(step.Name, occurrence, step.IsCritical, decision.Fingerprint, decision.Reason, decision.MayOutdate);
        if (context is not null)
        {
            (record.Waited, record.UsualDuration) = (StateFile.Rounded(context.Waited), context.UsualDuration);
            context.Begun(record);
        }

        return Run(step, record, decision, work, stop, cancellation, context);
    }

    private StepOutcome Run(StepDefinition step, StepRecord record, StepDecision decision, IStepWork work, CancellationTokenSource stop, CancellationToken cancellation, StepContext? context)
    {
        int attempts = 0;
        long begun = 0;
        AttemptResult? result = null;
        StepResult? made = null;
        StepStatus status;
        KinetraException? failure;
        try
        {
            ThrowIfStopped(stop, cancellation, context);
            result = new RetryLoop<AttemptResult>(step.Retry, _time, _random).Run(
                number =>
                {
                    if (number > 1)
                    {
                        context?.Resuming();
                        ThrowIfStopped(stop, cancellation, context);
                    }

                    (attempts, begun) = (number, _time.GetTimestamp());
                    return result = Attempt(step, record, number, work, stop.Token);
                },
                step.ExitCodes.Allow,
                (failed, number, pause) =>
                {
                    Note(record, begun, failed, pause);
                    Tell(step, failed, AttemptFate.TriedAgain);
                    _report(LogLevel.Warning, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} failed: {StepFailure.Describe(failed)}; next attempt in {Duration.Format(pause)}.");
                    context?.Pausing();
                },
                stop.Token);
            Note(record, begun, result, null);
            made = result.Succeeded ? _reuse.Examine(decision) : null;
            status = Judge(step, decision, result, attempts, made, context, out failure);
            Tell(step, result, FateOf(status, step.IsCritical));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (status, failure) = (StepStatus.Interrupted, StepFailure.Interrupted(step, context?.WhyCancelled()));
        }
        catch (KinetraException error)
        {
            (status, failure) = (StepStatus.Failed, StepFailure.CouldNotRun(step, work, error));
        }

        if (status == StepStatus.Completed)
        {
            _reuse.Keep(decision, made!, _time.GetElapsedTime(record.StartTimestamp));
        }

        StepOutcome outcome = End(record, status, attempts, result, failure, made);
        return made is { Changed.Count: > 0 } ? outcome with { Warning = StepFailure.InputsChanged(step, made.Changed) } : outcome;
    }

    private StepOutcome End(StepRecord record, StepStatus status, int attempts, AttemptResult? result, KinetraException? failure, StepResult? made)
    {
        int? exitCode = result is { End: ProcessEnd.Exited } ? result.ExitCode : null;
        (record.Operations, record.Progress, record.Cpu, record.PeakMemory) = (result?.Output.Operations ?? [], result?.Output.Progress, result?.Cpu is { } cpu ? StateFile.Rounded(cpu) : null, result?.PeakMemory);
        if (made is not null)
        {
            (record.Outputs, record.Written, record.IsReusable) = (made.Outputs, made.Written, made.Changed.Count == 0);
        }

        _run.End(record, status, attempts, exitCode, failure?.Message, result?.LogFile);
        return new StepOutcome(status, attempts, exitCode, record.Duration!.Value, result?.LogFile, failure) { Record = record, Reason = record.Reason };
    }

    // An only attempt takes the whole of the step, and need not be told of.
    private void Note(StepRecord record, long begun, AttemptResult result, TimeSpan? pause)
    {
        if (pause is not null || record.AttemptTimes.Count > 0)
        {
            record.AttemptTimes =
            [
                .. record.AttemptTimes,
                new StepAttempt(
                    StateFile.Rounded(_time.GetElapsedTime(record.StartTimestamp, begun)),
                    StateFile.Rounded(_time.GetElapsedTime(begun)),
                    result.End == ProcessEnd.Exited ? result.ExitCode : null,
                    pause is null ? null : StepFailure.Describe(result),
                    pause is { } wait ? StateFile.Rounded(wait) : null),
            ];
        }
    }

    // Whoever cancels tells one after another, perhaps in another thread: who has waited for a place may have been told before this source was.
    private void ThrowIfStopped(CancellationTokenSource stop, CancellationToken cancellation, StepContext? context)
    {
        if (cancellation.IsCancellationRequested || (context is not { IsAlways: true } && _run.Stopping.IsCancellationRequested))
        {
            stop.Cancel();
        }

        stop.Token.ThrowIfCancellationRequested();
    }

    private AttemptResult Attempt(StepDefinition step, StepRecord record, int number, IStepWork work, CancellationToken stop)
    {
        if (number > 1)
        {
            _report(LogLevel.Debug, $"{step.Name}: attempt {number} of {step.Retry.MaxAttempts} begins.");
        }

        AttemptResult result = work.Run(new Attempt(number, _run.OutputOf(record, number), stop)
        {
            Begin = mark => _run.BeginAttempt(record, number, mark),
            Progress = percent => _run.ReportProgress(record, percent),
        });
        if (result.OutputHeld)
        {
            _report(LogLevel.Info, $"{step.Name}: a process that it left behind keeps its output open; what that prints from now on is not recorded.");
        }

        bool signalled = result is { End: ProcessEnd.Exited, ExitCode: 128 + 1 or 128 + 2 or 128 + 15 };
        if (signalled && !stop.IsCancellationRequested)
        {
            stop.WaitHandle.WaitOne(SignalDelay);
        }

        result = signalled && stop.IsCancellationRequested ? result with { End = ProcessEnd.Cancelled } : result;
        _run.Observer?.AttemptEnded(
            record,
            result.End == ProcessEnd.Exited ? result.ExitCode : null,
            result.Succeeded ? null : result.End == ProcessEnd.Cancelled ? "it was told to stop" : StepFailure.Describe(result),
            result.Output.Operations);
        return result;
    }

    private StepStatus Judge(StepDefinition step, StepDecision decision, AttemptResult result, int attempts, StepResult? made, StepContext? context, out KinetraException? failure)
    {
        if (made is not null)
        {
            failure = made.Missing.Count == 0 ? null : StepFailure.Missing(step, result, made.Missing);
            return failure is null ? StepStatus.Completed : StepStatus.Failed;
        }

        bool isCancelled = result.End == ProcessEnd.Cancelled;
        failure = isCancelled ? StepFailure.Interrupted(step, context?.WhyCancelled()) : StepFailure.Of(step, result, attempts, decision, _run);
        return isCancelled ? StepStatus.Interrupted : StepStatus.Failed;
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

        // No warning of its own: it has no code of the step's by which to suppress or promote it, and those that are shown are warnings or errors already.
        if (result.Output.ProblemsLeftOut > 0)
        {
            _report(fate == AttemptFate.TriedAgain ? LogLevel.Debug : LogLevel.Info, $"{step.Name}: {result.Output.ProblemsLeftOut} more warnings, errors and notices are in the step's log only.");
        }
    }
}
