using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Publishing;

namespace Kinetra.Build.Tasks;

/// <summary>Tells others of a run that has ended, each in its own form. Whatever fails there is a warning: the run itself is over.</summary>
internal static class RunPublisher
{
    /// <summary>Tells whoever is to be told.</summary>
    /// <param name="session">The session whose run has ended.</param>
    /// <param name="say">Gets lines for the CI service, one at a time.</param>
    /// <param name="warn">Gets what failed.</param>
    public static void Publish(RunSession session, Action<string> say, Action<KinetraException> warn)
    {
        if (session.Trace?.Finish() is { } unsent)
        {
            warn(unsent);
        }

        ProjectSettings settings = session.Settings;
        FilePath? junit = settings.JUnit;
        CiService service = settings.CI;
        if (junit is null && service == CiService.None)
        {
            return;
        }

        PublishedRun run = PublishedRun.Of(session.Run, session.Graphs, ProcessEnvironment.MaskerOf(settings.SecretVariables).Apply);
        if (junit is { } report)
        {
            Try(warn, () =>
            {
                JUnitReport.Write(report, run);
                if (service == CiService.TeamCity)
                {
                    say(TeamCityMessage.ImportJUnit(report.Full));
                }
            });
        }

        if (service == CiService.GitHub && Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } summary)
        {
            Try(warn, () => SummaryFile.Append(new FilePath(summary, summary), run));
        }
        else if (service == CiService.AzurePipelines)
        {
            // Beside the outputs of the steps, with which it is removed one day: the agent reads it when it likes.
            FilePath page = settings.Run.LogDirectory.Combine(Path.Combine(run.Id, "summary.md"));
            Try(warn, () =>
            {
                SummaryFile.Write(page, run);
                say(AzureCommand.UploadSummary(page.Full));
            });
        }
    }

    private static void Try(Action<KinetraException> warn, Action publish)
    {
        try
        {
            publish();
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.JUnitUnwritable or DiagnosticCodes.SummaryUnwritable)
        {
            warn(error);
        }
    }
}
