namespace Kinetra.Build.Benchmarks;

/// <summary>
/// Times several things in turn, round by round, so that whatever else the machine does hits all alike.
/// </summary>
internal static class Interleaved
{
    /// <summary>Runs some rounds to warm up and the given number to count.</summary>
    /// <param name="rounds">At least 7 for a figure to publish.</param>
    /// <param name="warmUps">Rounds before that: one for processes, more for code that the runtime compiles anew after thirty calls.</param>
    /// <param name="cases">What to time, in this order in each round.</param>
    /// <param name="settle">Comes after each sample and does not count: what one case leaves unwritten must not hit the next.</param>
    public static IReadOnlyList<Measurement> Measure(int rounds, int warmUps, IReadOnlyList<Case> cases, Action? settle = null)
    {
        List<double>[] samples = [.. cases.Select(_ => new List<double>())];
        for (int round = -warmUps; round < rounds; round++)
        {
            for (int i = 0; i < cases.Count; i++)
            {
                cases[i].Before?.Invoke();
                double sample = cases[i].Sample();
                cases[i].After?.Invoke();
                settle?.Invoke();
                if (round >= 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        return [.. cases.Zip(samples, (one, times) => new Measurement(one.Name, times))];
    }
}
