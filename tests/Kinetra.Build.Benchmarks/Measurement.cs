namespace Kinetra.Build.Benchmarks;

/// <summary>The samples of one case, one a round.</summary>
/// <param name="Name">The case's.</param>
/// <param name="Samples">Microseconds, in the order of the rounds.</param>
internal sealed record Measurement(string Name, IReadOnlyList<double> Samples)
{
    /// <summary>The median of the samples.</summary>
    public double Median { get; } = MedianOf(Samples);

    /// <summary>The smallest sample.</summary>
    public double Minimum { get; } = Samples.Min();

    /// <summary>The median of some values.</summary>
    /// <param name="values">At least one.</param>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
