using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Runs;

/// <summary>The line that says how to continue a run. The build prints it, with the properties that it was given, and the run log has it.</summary>
internal static class ResumeHint
{
    /// <summary>What it begins with.</summary>
    public const string Beginning = "To continue where it stopped: ";

    /// <summary>That of a run; null if it needs none, or its log does not say.</summary>
    public static string? Of(ArchivedRun run)
    {
        if (run.Status is RunStatus.Completed || run.IsAlive)
        {
            return null;
        }

        try
        {
            foreach (string line in File.ReadLines(run.LogFile.Full).Reverse())
            {
                int at = line.IndexOf(Beginning, StringComparison.Ordinal);
                if (at >= 0)
                {
                    return line[at..];
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Logs may have been removed.
        }

        return run.IsKilled ? $"{Beginning}dotnet build -p:KinetraResume=true" : null;
    }
}
