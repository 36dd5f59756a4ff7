namespace Steps.Strategies;

/// <summary>Long while the mean of the last <c>Fast</c> closes is above that of the last <c>Slow</c>, short while it is below.</summary>
/// <param name="Fast">Bars of the short mean.</param>
/// <param name="Slow">Bars of the long mean.</param>
sealed record MovingAverageCross(int Fast, int Slow) : IStrategy
{
    /// <summary>The small grid that the parameters are chosen from.</summary>
    public static IEnumerable<IStrategy> Grid =>
        from slow in new[] { 50, 100, 200 }
        from fast in new[] { 5, 10, 20, 50 }
        where fast < slow
        select new MovingAverageCross(fast, slow);

    /// <inheritdoc />
    public string Name => "moving-average cross";

    /// <inheritdoc />
    public string Parameters => $"fast {Fast} slow {Slow}";

    /// <inheritdoc />
    public int WarmUp => Slow;

    /// <inheritdoc />
    public int[] Signals(double[] closes)
    {
        var signals = new int[closes.Length];
        for (var t = Slow - 1; t < closes.Length; t++)
            signals[t] = Math.Sign(Window.Mean(closes, t, Fast) - Window.Mean(closes, t, Slow));
        return signals;
    }
}
