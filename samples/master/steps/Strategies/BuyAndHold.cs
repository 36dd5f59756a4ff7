namespace Steps.Strategies;

/// <summary>Buys at the first open and sells at the last close: what the others must beat.</summary>
sealed record BuyAndHold : IStrategy
{
    /// <inheritdoc />
    public string Name => "buy and hold";

    /// <inheritdoc />
    public string Parameters => "";

    /// <inheritdoc />
    public int WarmUp => 0;

    /// <inheritdoc />
    public int[] Signals(double[] closes)
    {
        var signals = new int[closes.Length];
        Array.Fill(signals, 1);
        return signals;
    }
}
