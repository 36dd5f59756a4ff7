namespace Steps.Strategies;

/// <summary>Trades a strategy on past bars.</summary>
/// <remarks>
/// What the close of bar t − 1 asks for is bought at the open of bar t, the first price that can be had after it. So a bar is
/// worth (1 + p₋·(open/close₋ − 1)) · (1 − cost·|p − p₋|) · (1 + p·(close/open − 1)): the old position p₋ carries the jump from
/// the last close to the open, the new one p the rest. Whatever is open at the end is sold at the last close. The position is a
/// whole multiple of the equity, renewed at every bar; there is no interest, dividend or borrowing cost.
/// </remarks>
sealed class Backtest
{
    readonly double[] _opens, _closes;
    readonly double _cost;

    /// <param name="opens">Opening prices, above 0.</param>
    /// <param name="closes">Closing prices, above 0.</param>
    /// <param name="cost">Cost of one unit traded, as a share of the equity; 0.0001 is a basis point.</param>
    public Backtest(double[] opens, double[] closes, double cost) => (_opens, _closes, _cost) = (opens, closes, cost);

    /// <summary>Trades the bars from <paramref name="first"/> to just before <paramref name="end"/>.</summary>
    /// <param name="strategy">The rule; earlier bars warm it up but are not traded.</param>
    /// <param name="first">Index of the first bar traded, at least 1: a close must come before it.</param>
    /// <param name="end">Index after the last bar traded.</param>
    /// <param name="barsPerYear">Factor that annualises the Sharpe ratio.</param>
    public Performance Run(IStrategy strategy, int first, int end, double barsPerYear)
    {
        var signals = strategy.Signals(_closes[..end]);
        var returns = new double[end - first];
        double equity = 1, peak = 1, drawdown = 0;
        int position = 0, trades = 0;
        for (var t = first; t < end; t++)
        {
            var before = equity;
            equity *= 1 + position * (_opens[t] / _closes[t - 1] - 1);
            Trade(signals[t - 1]);
            equity *= 1 + position * (_closes[t] / _opens[t] - 1);
            if (t == end - 1)
                Trade(0);
            equity = Math.Max(equity, 0); // a short position can lose more than everything; the account is closed then
            returns[t - first] = before > 0 ? equity / before - 1 : 0;
            peak = Math.Max(peak, equity);
            drawdown = Math.Max(drawdown, 1 - equity / peak);
        }
        return new Performance(equity - 1, Sharpe(returns, barsPerYear), drawdown, trades);

        void Trade(int wanted)
        {
            var units = Math.Abs(wanted - position);
            equity *= 1 - _cost * units;
            trades += units;
            position = wanted;
        }
    }

    static double Sharpe(double[] returns, double barsPerYear)
    {
        var deviation = Window.StandardDeviation(returns, returns.Length - 1, returns.Length);
        return deviation > 0 ? Window.Mean(returns, returns.Length - 1, returns.Length) / deviation * Math.Sqrt(barsPerYear) : double.NaN;
    }
}
