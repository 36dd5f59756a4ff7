namespace Steps.Strategies;

/// <summary>
/// Trades against a close that is far from its recent mean: z = (close − mean) / standard deviation over the last
/// <c>Length</c> closes, the present one included. Short above <c>Entry</c>, long below −<c>Entry</c>, out when z has come back to 0.
/// </summary>
/// <param name="Length">Bars of mean and standard deviation.</param>
/// <param name="Entry">Distance, in standard deviations, at which a position is taken.</param>
sealed record MeanReversion(int Length, double Entry) : IStrategy
{
    /// <summary>The small grid that the parameters are chosen from.</summary>
    public static IEnumerable<IStrategy> Grid =>
        from length in new[] { 10, 20, 50, 100 }
        from entry in new[] { 1.0, 1.5, 2.0 }
        select new MeanReversion(length, entry);

    /// <inheritdoc />
    public string Name => "mean reversion";

    /// <inheritdoc />
    public string Parameters => FormattableString.Invariant($"length {Length} entry {Entry:0.0}");

    /// <inheritdoc />
    public int WarmUp => Length;

    /// <inheritdoc />
    public int[] Signals(double[] closes)
    {
        var signals = new int[closes.Length];
        var position = 0;
        for (var t = Length - 1; t < closes.Length; t++)
        {
            var deviation = Window.StandardDeviation(closes, t, Length);
            var z = deviation > 0 ? (closes[t] - Window.Mean(closes, t, Length)) / deviation : 0;
            if (z > Entry)
                position = -1;
            else if (z < -Entry)
                position = 1;
            else if (position * z >= 0) // long and z not below 0 any more, or short and z not above
                position = 0;
            signals[t] = position;
        }
        return signals;
    }
}
