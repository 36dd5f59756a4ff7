using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>A random graph of sleeps: each one has another shape, but all have the same work and the same critical path.</summary>
internal static class RandomGraph
{
    /// <summary>How many steps it has.</summary>
    public const int Count = 200;

    /// <summary>What all steps take one after the other, in milliseconds.</summary>
    public const int Work = 11_500;

    /// <summary>What the longest path takes, in milliseconds.</summary>
    public const int CriticalPath = 800;

    // So many that the longest path is near its limit before the last of them is refused.
    private const int Tries = 600;

    /// <summary>No schedule can be shorter, in milliseconds.</summary>
    /// <param name="workers">How many steps run at a time.</param>
    public static double LowerBound(int workers) => Math.Max(CriticalPath, (double)Work / workers);

    /// <summary>A graph; the same one for the same seed.</summary>
    /// <param name="seed">The seed.</param>
    public static StepGraph Create(int seed)
    {
        Random random = new(seed);
        int[] durations = Durations(random);
        List<int>[] before = [.. Enumerable.Range(0, Count).Select(_ => new List<int>())];
        for (int i = 0; i < Tries; i++)
        {
            int later = random.Next(1, Count);
            int earlier = random.Next(later);
            if (!before[later].Contains(earlier))
            {
                before[later].Add(earlier);
                if (Ends(durations, before).Max() > CriticalPath)
                {
                    before[later].Remove(earlier);
                }
            }
        }

        StretchTo(CriticalPath, durations, before);
        return new StepGraph($"random-{seed}", [.. Enumerable.Range(0, Count).Select(i => new GraphStep(
            "s" + (i + 1),
            string.Create(CultureInfo.InvariantCulture, $"sleep {durations[i] / 1000.0:0.000}"),
            [.. before[i].Order().Select(other => "s" + (other + 1))],
            durations[i]))]);
    }

    private static int[] Durations(Random random)
    {
        int[] durations = [.. Enumerable.Range(0, Count).Select(_ => random.Next(15, 101))];
        for (int rest = Work - durations.Sum(); rest != 0; rest -= Math.Sign(rest))
        {
            durations[random.Next(Count)] += Math.Sign(rest);
        }

        return durations;
    }

    // The last step of the longest path gets what is missing, and a step that is on no path nearly as long gives it.
    private static void StretchTo(int length, int[] durations, List<int>[] before)
    {
        int[] ends = Ends(durations, before);
        int missing = length - ends.Max();
        int last = Array.IndexOf(ends, ends.Max());
        for (int giver = 0; giver < Count; giver++)
        {
            if (durations[giver] > missing + 1 && giver != last)
            {
                int[] changed = [.. durations];
                changed[giver] -= missing;
                changed[last] += missing;
                if (Ends(changed, before).Max() == length)
                {
                    changed.CopyTo(durations, 0);
                    return;
                }
            }
        }

        throw new InvalidOperationException("This seed gives no graph with the wanted critical path.");
    }

    // When each step ends if all run as early as they can.
    private static int[] Ends(int[] durations, List<int>[] before)
    {
        int[] ends = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            ends[i] = durations[i] + (before[i].Count > 0 ? before[i].Max(other => ends[other]) : 0);
        }

        return ends;
    }
}
