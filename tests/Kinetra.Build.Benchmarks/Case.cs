using System.Diagnostics;

namespace Kinetra.Build.Benchmarks;

/// <summary>One of the things that are compared.</summary>
/// <param name="Name">As the table shows it; unique in its table.</param>
/// <param name="Sample">Takes one sample: the microseconds of one operation, or the mean of several.</param>
/// <param name="Before">What comes before each sample and does not count; null for nothing.</param>
/// <param name="After">What comes after each sample and does not count; null for nothing.</param>
internal sealed record Case(string Name, Func<double> Sample, Action? Before = null, Action? After = null)
{
    /// <summary>Something that is timed here.</summary>
    /// <param name="name">As the table shows it.</param>
    /// <param name="action">What to time.</param>
    /// <param name="repeat">How often it is done for one sample: more than once for what takes microseconds.</param>
    /// <param name="operations">How many operations the action itself has, such as one for each file.</param>
    public static Case Timed(string name, Action action, int repeat = 1, int operations = 1) => new(name, () =>
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeat; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repeat / operations;
    });
}
