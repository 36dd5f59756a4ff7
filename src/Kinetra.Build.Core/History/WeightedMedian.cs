namespace Kinetra.Build.Core.History;

/// <summary>The value with half of the weight on either side.</summary>
internal static class WeightedMedian
{
    /// <summary>The median; between two values that halve the weight exactly, the middle of them.</summary>
    /// <param name="values">At least one; their order stays.</param>
    /// <param name="weights">The weight of each, more than 0.</param>
    public static double Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double[] sorted = values.ToArray();
        double[] along = weights.ToArray();
        Array.Sort(sorted, along);
        double half = 0;
        foreach (double weight in along)
        {
            half += weight / 2;
        }

        double below = 0;
        for (int i = 0; i < sorted.Length - 1; i++)
        {
            below += along[i];
            if (below >= half)
            {
                return below == half ? (sorted[i] + sorted[i + 1]) / 2 : sorted[i];
            }
        }

        return sorted[^1];
    }
}
