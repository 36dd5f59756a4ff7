using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>Ends a run and prints its summary, once, whoever comes first.</summary>
internal static class RunSummary
{
    /// <summary>Ends the run as given, or as interrupted if it was told to stop, writes its report and prints its summary.</summary>
    /// <param name="session">The run.</param>
    /// <param name="status">How it ends.</param>
    /// <param name="log">Where the summary goes.</param>
    /// <param name="warn">Is told what the build can do without.</param>
    /// <param name="projectName">The project, for the result line.</param>
    /// <param name="error">Why it fails, if it does and no step says it.</param>
    /// <returns>The report; null if there is none.</returns>
    public static FilePath? End(RunSession session, RunStatus status, TaskLoggingHelper log, Action<KinetraException> warn, string projectName, string? error = null)
    {
        WorkflowRun run = session.Run;
        KinetraException? unwritable = null;
        try
        {
            if (!run.Finish(status, status == RunStatus.Completed ? null : error))
            {
                return null;
            }
        }
        catch (KinetraException full) when (full.Code is DiagnosticCodes.StateUnwritable)
        {
            // The user is to have the summary all the same.
            unwritable = full;
        }

        session.Watchdog.Dismiss();
        FilePath? report = session.WriteReport(warn);
        Print(session, report, line => log.LogMessage(MessageImportance.High, "{0}", line));
        RunPublisher.Publish(session, line => log.LogMessage(MessageImportance.High, "{0}", line), warn);
        if (unwritable is not null)
        {
            throw unwritable;
        }

        // The terminal logger shows no message but this form, as the project's result.
        log.LogMessage(MessageImportance.High, "{0} -> {1}", projectName, (report ?? run.Log.File).Full);
        return report;
    }

    /// <summary>Prints the summary of a run that has ended, with the command that continues it if it is not completed.</summary>
    /// <param name="session">The run.</param>
    /// <param name="report">Its report; null if it has none. The result line names that, and the log has to be named here.</param>
    /// <param name="print">Prints a line.</param>
    public static void Print(RunSession session, FilePath? report, Action<string> print)
    {
        WorkflowRun run = session.Run;
        foreach (string line in Summary.Lines(run))
        {
            print(line);
        }

        if (report is not null)
        {
            print($"Log: {run.Log.File}");
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
