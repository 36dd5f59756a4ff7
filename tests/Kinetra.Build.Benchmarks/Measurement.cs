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

    /// <summary>What each step more costs, so that starting and ending does not count.</summary>
    /// <param name="name">The name of the result.</param>
    /// <param name="few">With few steps.</param>
    /// <param name="many">With more steps, in the same rounds.</param>
    /// <param name="steps">How many more.</param>
    public static Measurement Slope(string name, Measurement few, Measurement many, int steps) =>
        new(name, [.. many.Samples.Zip(few.Samples, (longer, shorter) => (longer - shorter) / steps)]);

    /// <summary>What is left of each sample without another one of the same round.</summary>
    /// <param name="name">The name of the result.</param>
    /// <param name="other">What is taken away.</param>
    public Measurement NetOf(string name, Measurement other) => new(name, [.. Samples.Zip(other.Samples, (own, less) => own - less)]);

    /// <summary>The median of some values.</summary>
    /// <param name="values">At least one.</param>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
