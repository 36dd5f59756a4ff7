using Kinetra.Build.Core;
using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tasks;

/// <summary>Tells others of a run that has ended, each in its own form. Whatever fails there is a warning: the run itself is over.</summary>
internal static class RunPublisher
{
    /// <summary>Tells whoever is to be told.</summary>
    /// <param name="session">The session whose run has ended.</param>
    /// <param name="warn">Gets what failed.</param>
    public static void Publish(RunSession session, Action<KinetraException> warn)
    {
        ProjectSettings settings = session.Settings;
        if (settings.JUnit is not { } junit)
        {
            return;
        }

        PublishedRun run = PublishedRun.Of(session.Run, ProcessEnvironment.MaskerOf(settings.SecretVariables).Apply);
        try
        {
            JUnitReport.Write(junit, run);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.JUnitUnwritable)
        {
            warn(error);
        }
    }
}
