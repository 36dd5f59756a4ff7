using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Workflows;

namespace Kinetra.Build.Tasks;

/// <summary>What the task is told while the graph runs, by the threads that run the steps.</summary>
public sealed partial class RunWorkflow : IWorkflowListener
{
    void IWorkflowListener.Report(LogLevel level, string message) => Report(level, message);

    void IWorkflowListener.Problem(Problem problem) => Report(problem, _session!.Run);

    void IWorkflowListener.Ended(int step, StepOutcome outcome)
    {
        _outcomes[step] = outcome;
        Release(step);

        Show(() =>
        {
            Estimate();
            _lines!.Add(outcome);
        });
        string attempts = outcome.Attempts > 1 ? $" (attempt {outcome.Attempts})" : "";
        Record(LogLevel.Info, outcome.ResumedFrom is not null
            ? $"{outcome.Record.Name}: not run again: {outcome.Reason}."
            : $"{outcome.Record.Name}: {outcome.Status.Word()} in {Duration.Format(outcome.Duration)}{attempts}.");
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

    void IWorkflowListener.Warn(KinetraException warning) => Warning(warning);

    void IWorkflowListener.Broken(int step, KinetraException error)
    {
        Release(step);
        ErrorOnce(error);
    }

    void IWorkflowListener.Skipped(int step, StepRecord record)
    {
        _skipped[step] = record;
        Release(step);
        Record(LogLevel.Info, $"{record.Name}: skipped: {record.Reason}.");
        Show(() => _lines!.Skip(record));
    }

    // Of a step that is over the outcome is kept, and nothing else.
    private void Release(int step)
    {
        _steps[step].Release();
        if (_output[step] is { } output)
        {
            _output[step] = null;
            Show(output.Flush);
        }
    }
}
