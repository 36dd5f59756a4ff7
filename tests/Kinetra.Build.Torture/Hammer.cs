using System.Diagnostics;

namespace Kinetra.Build.Torture;

/// <summary>Writes version after version of the file, each with a backup of the one it replaces, beside others who do the same.</summary>
internal static class Hammer
{
    /// <summary>Writes until the time is over.</summary>
    /// <returns>How many versions were written; their numbers are 1 to that.</returns>
    public static string Run(string folder, string name, TimeSpan time)
    {
        Scene project = new(folder, TimeProvider.System);
        Stopwatch clock = Stopwatch.StartNew();
        int number = 0;
        while (clock.Elapsed < time)
        {
            project.Write(new Version(name, number + 1).ToText());
            number++;

            // Some more backups of whatever is there by now.
            if (number % 8 == 0)
            {
                project.BackUp();
            }
        }

        return $"ok writes={number} backups={number / 8}";
    }
}
