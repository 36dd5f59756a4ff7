namespace Kinetra.Build.Core.History;

/// <summary>
/// Makes a distribution out of past durations. A run that is k runs older than the newest one weighs 2^(−k/10). The median is the
/// weighted median; the spread is 1.4826 times the weighted median of |ln x − ln median| (the MAD, scaled to the standard deviation of
/// a normal distribution: F. R. Hampel, The Influence Curve and Its Role in Robust Estimation, 1974), so that one odd run in three
/// changes little. As the median itself is uncertain, with variance π/2 · σ²/n, the spread is widened by √(1 + π/(2n)), n being
/// Kish's effective number of samples (Σw)²/Σw². Few samples agree by chance: the spread is at least (1/n − 1/10)/2 below ten.
/// </summary>
public static class DurationEstimate
{
    private const double HalfLife = 10;
    private const double MadToDeviation = 1.4826;
    private const int EnoughSamples = 10;

    private static readonly double[] Weights = FirstWeights();

    /// <summary>The distribution of a step's next duration; null without past ones.</summary>
    /// <param name="history">Its past; null if there is none.</param>
    public static LogNormal? Of(StepHistory? history)
    {
        if (history is null || history.Runs.Count == 0)
        {
            return null;
        }

        int count = history.Runs.Count;
        Span<double> values = stackalloc double[count];
        Span<double> weights = stackalloc double[count];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            // A step that took no measurable time has no logarithm.
            values[i] = Math.Max(history.Seconds[i], 1e-6);
            weights[i] = Weight(history.Runs[^1] - history.Runs[i]);
            sum += weights[i];
            squares += weights[i] * weights[i];
        }

        double median = WeightedMedian.Of(values, weights);
        for (int i = 0; i < count; i++)
        {
            values[i] = Math.Abs(Math.Log(values[i] / median));
        }

        double spread = MadToDeviation * WeightedMedian.Of(values, weights) * Math.Sqrt(1 + (Math.PI / 2 * squares / (sum * sum)));
        return new LogNormal(median, Math.Max(spread, Math.Max(0, ((1.0 / count) - (1.0 / EnoughSamples)) / 2)));
    }

    private static double[] FirstWeights()
    {
        double[] weights = new double[StepHistory.Capacity];
        for (int age = 0; age < weights.Length; age++)
        {
            weights[age] = Math.Pow(2, -age / HalfLife);
        }

        return weights;
    }

    private static double Weight(int age) => age >= 0 && age < Weights.Length ? Weights[age] : Math.Pow(2, -age / HalfLife);
}
