namespace Steps.Strategies;

/// <summary>Statistics of the last values up to and including one index.</summary>
/// <remarks>Summed anew each time: quick enough here, and free of the error that a running sum gathers.</remarks>
static class Window
{
    /// <summary>Arithmetic mean of the <paramref name="length"/> values that end at index <paramref name="last"/>.</summary>
    public static double Mean(ReadOnlySpan<double> values, int last, int length)
    {
        var sum = 0.0;
        foreach (var value in values.Slice(last - length + 1, length))
            sum += value;
        return sum / length;
    }

    /// <summary>Sample standard deviation (divisor n − 1) of the same values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values, int last, int length)
    {
        var mean = Mean(values, last, length);
        var squares = 0.0;
        foreach (var value in values.Slice(last - length + 1, length))
            squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (length - 1));
    }
}
