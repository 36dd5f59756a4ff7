using Kinetra.Build.Core.Scheduling;

namespace Kinetra.Build.Core.Tests.Scheduling;

/// <summary>Graphs of steps by chance, the same ones for the same seed.</summary>
internal static class RandomGraph
{
    public static SchedulerOptions Options(Random random) => new(random.Next(1, 9))
    {
        KeepGoing = random.Next(2) == 0,
        Pools = new Dictionary<string, int> { ["gpu"] = random.Next(1, 3), ["net"] = random.Next(1, 4) },
    };

    /// <summary>Steps with everything that a scheduler knows.</summary>
    public static SchedulerStep[] Everything(Random random)
    {
        SchedulerStep[] steps = new SchedulerStep[random.Next(1, 60)];
        int[] order = [.. Enumerable.Range(0, steps.Length)];
        random.Shuffle(order);
        int always = random.Next(3) == 0 ? random.Next(steps.Length) : steps.Length;
        double density = random.NextDouble() * 3;
        for (int place = 0; place < order.Length; place++)
        {
            int known = place;
            List<int> dependsOn = Some(random, density, () => order[random.Next(known)], place);
            List<int> requires = place < always ? Some(random, density / 4, () => order[random.Next(known)], place) : Some(random, .5, () => order[random.Next(known)], place);
            steps[order[place]] = new SchedulerStep
            {
                DependsOn = dependsOn,
                RequiresSuccessOf = requires,
                Priority = random.Next(4) == 0 ? random.Next(-2, 3) : 0,
                Pool = random.Next(6) switch { 0 => "gpu", 1 => "net", _ => null },
                IsCritical = random.Next(3) != 0,
                Always = place >= always,
                IsSelected = random.Next(8) != 0,
                Seconds = random.Next(1, 20),
            };
        }

        return steps;
    }

    /// <summary>Like the random graph of PERFORMANCE.md: steps of 0 to 115 ms, each behind up to three of the thirty before it.</summary>
    public static SchedulerStep[] Plain(Random random, int count)
    {
        SchedulerStep[] steps = new SchedulerStep[count];
        for (int i = 0; i < count; i++)
        {
            int known = i;
            steps[i] = new SchedulerStep
            {
                DependsOn = i == 0 ? [] : Some(random, 1, () => random.Next(known), i),
                Seconds = .01 + (random.NextDouble() * .095),
            };
        }

        return steps;
    }

    private static List<int> Some(Random random, double mean, Func<int> one, int known)
    {
        HashSet<int> some = [];
        for (int k = 0; known > 0 && k < 6; k++)
        {
            if (random.NextDouble() < mean / 6)
            {
                some.Add(one());
            }
        }

        return [.. some];
    }
}
