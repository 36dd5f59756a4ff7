namespace Kinetra.Build.Core.History;

/// <summary>The value with half of the weight on either side.</summary>
internal static class WeightedMedian
{
    // So many are sorted by insertion in less time than the code of .NET takes to be compiled.
    private const int Few = 1000;

    /// <summary>The median; between two values that halve the weight exactly, the middle of them.</summary>
    /// <param name="values">At least one; sorted afterwards.</param>
    /// <param name="weights">The weight of each, more than 0; in the order of the values.</param>
    public static double Of(Span<double> values, Span<double> weights)
    {
        Sort(values, weights);
        double half = 0;
        foreach (double weight in weights)
        {
            half += weight / 2;
        }

        double below = 0;
        for (int i = 0; i < values.Length - 1; i++)
        {
            below += weights[i];
            if (below >= half)
            {
                return below == half ? (values[i] + values[i + 1]) / 2 : values[i];
            }
        }

        return values[^1];
    }

    private static void Sort(Span<double> values, Span<double> weights)
    {
        if (values.Length > Few)
        {
            values.Sort(weights);
            return;
        }

        for (int i = 1; i < values.Length; i++)
        {
            (double value, double weight) = (values[i], weights[i]);
            int place = i;
            for (; place > 0 && values[place - 1] > value; place--)
            {
                (values[place], weights[place]) = (values[place - 1], weights[place - 1]);
            }

            (values[place], weights[place]) = (value, weight);
        }
    }
}
