using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tasks;

/// <summary>What a run says of the one before it.</summary>
internal static class RunReport
{
    /// <summary>The sentence; null if there is nothing to say.</summary>
    /// <param name="run">The run that begins.</param>
    /// <param name="resume">Gives the command that continues an unfinished run; null if the user has said that this one is to begin from the start.</param>
    public static string? OfPrevious(WorkflowRun run, Func<string>? resume)
    {
        if (run.IsBeside)
        {
            return $"Another node of this build runs {run.Workflow} too. Run {run.Id} goes on beside it, and cannot be continued should it fail; give each its own KinetraWorkflow to change that.";
        }

        if (run.Previous is not { } previous)
        {
            return run.ResumeAsked && run.Damage is null ? $"There is no run of {run.Workflow} to continue; this one starts from the beginning." : null;
        }

        string ended = previous.Status switch
        {
            RunStatus.Failed => "failed",
            RunStatus.Interrupted => "was interrupted",
            RunStatus.Running => "was killed, and is recorded as interrupted",
            _ => "is completed",
        };
        string clock = previous.IsFromTheFuture ? " It began later than now: the clock was set back." : "";
        clock += previous.IsTorn ? " The last record of its journal was cut off, and is left out." : "";
        string last = $"The last run of {run.Workflow} ({previous.Id}) {ended}";
        if (run.ContinuesId is { } continued)
        {
            string which = continued == previous.Id ? "" : $" This run continues run {continued}.";
            if (run.PriorCount == 0)
            {
                return $"{last}.{clock}{which} None of its steps was completed.";
            }

            return $"{last}.{clock}{which} Its {run.PriorCount} completed {(run.PriorCount == 1 ? "step is" : "steps are")} run again only if something has changed.";
        }

        if (run.ResumeAsked)
        {
            return $"{last}, so there is nothing to continue; this one starts from the beginning.{clock}";
        }

        return previous.Status == RunStatus.Completed
            ? (clock.Length > 0 ? last + "." + clock : null)
            : $"{last}; this one starts from the beginning. {(resume is null ? "Rebuild continues none." : $"To continue it instead: {resume()}")}{clock}";
    }
}
