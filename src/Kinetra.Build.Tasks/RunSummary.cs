using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>Ends a run and prints its summary, once, whoever comes first.</summary>
internal static class RunSummary
{
    /// <summary>Ends the run as given, or as interrupted if it was told to stop.</summary>
    public static void End(WorkflowRun run, RunStatus status, TaskLoggingHelper log, IBuildEngine engine, ProjectSettings settings, string? error = null)
    {
        if (!run.Finish(status, status == RunStatus.Completed ? null : error))
        {
            return;
        }

        foreach (string line in Summary.Lines(run))
        {
            log.LogMessage(MessageImportance.High, "{0}", line);
        }

        if (run.Status != RunStatus.Completed)
        {
            string command = ResumeCommand.For(engine, settings, run);
            log.LogMessage(MessageImportance.High, "{0}", $"To continue where it stopped: {command}");
            run.Log.Write(LogLevel.Info, $"To continue where it stopped: {command}");
        }

        // The terminal logger shows no message but this form, as the project's result.
        log.LogMessage(MessageImportance.High, "{0} -> {1}", settings.ProjectName, run.Log.File.Full);
    }
}
