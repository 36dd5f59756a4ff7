using System.Diagnostics;
using System.Globalization;

namespace Kinetra.Build.Package.Tests;

/// <summary>A living process that a test has caused, however far away.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="CommandLine">Its command line.</param>
/// <param name="IsStep">Whether it is a step's.</param>
internal sealed record CaseProcess(int Id, int Parent, string CommandLine, bool IsStep)
{
    /// <summary>Whether it is an MSBuild server.</summary>
    public bool IsServer => CommandLine.Contains("/nodemode:8");

    /// <summary>The processes that have a text in their environment.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<CaseProcess> WithEnvironment(string text) => Find((environment, _) => environment.Contains(text));

    /// <summary>The watchdogs that some processes have started; they have no environment.</summary>
    /// <param name="builds">Those processes.</param>
    public static IReadOnlyList<CaseProcess> Watchdogs(IReadOnlyList<CaseProcess> builds) =>
        [.. Find((_, line) => line.Contains("kinetra-watchdog")).Where(process => builds.Any(build => build.Id == process.Parent))];

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        try
        {
            using Process process = Process.GetProcessById(Id);
            process.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    private static IReadOnlyList<CaseProcess> Find(Func<string, string, bool> isWanted)
    {
        List<CaseProcess> found = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int id))
            {
                continue;
            }

            try
            {
                string[] status = File.ReadAllText(Path.Combine(directory, "stat")).Split(") ")[^1].Split(' ');
                string environment = File.ReadAllText(Path.Combine(directory, "environ"));
                string line = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');

                // Whoever has no command line any more has given back its memory between two of these readings: it ends.
                if (status[0] is not ("Z" or "X") && line.Length > 0 && isWanted(environment, line))
                {
                    found.Add(new CaseProcess(id, int.Parse(status[1], CultureInfo.InvariantCulture), line, environment.Contains("KINETRA_ATTEMPT_ID=")));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return found;
    }
}
