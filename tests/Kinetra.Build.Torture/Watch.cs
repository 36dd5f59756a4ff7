using System.Diagnostics;

namespace Kinetra.Build.Torture;

/// <summary>Reads the file again and again, as any program would, and looks whether each version is whole.</summary>
internal static class Watch
{
    /// <summary>Reads until the time is over.</summary>
    /// <returns>How often it read, how many versions it saw, and how many of the reads were not whole (or found no file).</returns>
    public static string Run(string folder, TimeSpan time)
    {
        string file = new Scene(folder).Target.Full;
        Stopwatch clock = Stopwatch.StartNew();
        (int reads, int versions, int torn) = (0, 0, 0);
        Version last = default;
        while (clock.Elapsed < time)
        {
            reads++;
            if (Read(file) is not { } version)
            {
                torn++;
            }
            else if (version != last)
            {
                versions++;
                last = version;
            }
        }

        return $"ok reads={reads} versions={versions} torn={torn}";
    }

    private static Version? Read(string file)
    {
        try
        {
            return Version.TryParse(File.ReadAllText(file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
