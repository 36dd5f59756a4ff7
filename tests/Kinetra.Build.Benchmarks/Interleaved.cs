using System.Diagnostics;
using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>
/// Times several things in turn, round by round, so that whatever else the machine does hits all alike, and prints the
/// medians with their ratios to the first one.
/// </summary>
internal static class Interleaved
{
    /// <summary>Runs one round to warm up and the given number to count.</summary>
    public static void Run(int rounds, params (string Name, Action Action)[] cases)
    {
        List<double>[] times = [.. cases.Select(_ => new List<double>())];
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                cases[i].Action();
                if (round > 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        Console.WriteLine($"| {rounds} rounds | median ms | min ms | ratio of medians | median of the rounds' ratios |");
        Console.WriteLine("|---|---|---|---|---|");
        for (int i = 0; i < cases.Length; i++)
        {
            List<double> ratios = [.. times[i].Zip(times[0], (own, first) => own / first)];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {cases[i].Name} | {Median(times[i]):0} | {times[i].Min():0} | {Median(times[i]) / Median(times[0]):0.00} | {Median(ratios):0.00} |"));
        }
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
