using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>Ends a run and prints its summary, once, whoever comes first.</summary>
internal static class RunSummary
{
    /// <summary>Ends the run as given, or as interrupted if it was told to stop.</summary>
    public static void End(RunSession session, RunStatus status, TaskLoggingHelper log, string projectName, Action<KinetraException> warn, string? error = null)
    {
        WorkflowRun run = session.Run;
        KinetraException? unwritable = null;
        try
        {
            if (!run.Finish(status, status == RunStatus.Completed ? null : error))
            {
                return;
            }
        }
        catch (KinetraException full) when (full.Code is DiagnosticCodes.StateUnwritable)
        {
            // The user is to have the summary all the same.
            unwritable = full;
        }

        session.Watchdog.Dismiss();
        Print(session, line => log.LogMessage(MessageImportance.High, "{0}", line));
        RunPublisher.Publish(session, line => log.LogMessage(MessageImportance.High, "{0}", line), warn);
        if (unwritable is not null)
        {
            throw unwritable;
        }

        // The terminal logger shows no message but this form, as the project's result.
        log.LogMessage(MessageImportance.High, "{0} -> {1}", projectName, run.Log.File.Full);
    }

    /// <summary>Prints the summary of a run that has ended, with the command that continues it if it is not completed.</summary>
    public static void Print(RunSession session, Action<string> print)
    {
        WorkflowRun run = session.Run;
        foreach (string line in Summary.Lines(run))
        {
            print(line);
        }

        if (run.Status != RunStatus.Completed)
        {
            string hint = $"To continue where it stopped: {session.ResumeCommandOf(session.IsSingleTargets)}";
            print(hint);
            try
            {
                run.Log.Write(LogLevel.Info, hint);
            }
            catch (KinetraException full) when (full.Code is DiagnosticCodes.StateUnwritable)
            {
                // It was printed.
            }
        }
    }
}
