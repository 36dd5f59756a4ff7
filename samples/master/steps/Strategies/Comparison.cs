using Steps.Series;

namespace Steps.Strategies;

/// <summary>One line of the result: a strategy on a series.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Strategy">The strategy with its chosen parameters.</param>
/// <param name="Train">Performance on the train part, which chose the parameters: optimistic by construction.</param>
/// <param name="Test">Performance on the test part, which chose nothing.</param>
sealed record Result(string Series, IStrategy Strategy, Performance Train, Performance Test);

/// <summary>Chooses parameters on the train part and reports on the test part.</summary>
static class Comparison
{
    /// <param name="series">A split series with prices above 0.</param>
    /// <param name="cost">Cost of one unit traded, as a share of the equity.</param>
    public static IEnumerable<Result> Of(PreparedSeries series, double cost)
    {
        // One run of prices: the test part's first signals may look back into the train part, which lies before it.
        var bars = series.Train.Concat(series.Test).ToList();
        var backtest = new Backtest([.. bars.Select(bar => (double)Bar.Price(bar.Open))], [.. bars.Select(bar => (double)Bar.Price(bar.Close))], cost);
        int cut = series.Train.Count, end = bars.Count;
        double trainYear = BarsPerYear(series.Train), testYear = BarsPerYear(series.Test);

        foreach (var grid in new[] { [new BuyAndHold()], MovingAverageCross.Grid, MeanReversion.Grid })
        {
            // Best Sharpe ratio on train; the first of equals. A warm-up of more than half the train part leaves too little to judge by.
            var best = grid.Where(strategy => strategy.WarmUp <= cut / 2)
                .Select(strategy => (Strategy: strategy, Train: backtest.Run(strategy, 1, cut, trainYear)))
                .OrderByDescending(candidate => double.IsNaN(candidate.Train.Sharpe) ? double.NegativeInfinity : candidate.Train.Sharpe)
                .FirstOrDefault();
            if (best.Strategy is null)
                Console.WriteLine($"{series.Name}: {grid.First().Name} left out, {cut} train bars are too few to choose its parameters");
            else
                yield return new Result(series.Name, best.Strategy, best.Train, backtest.Run(best.Strategy, cut, end, testYear));
        }
    }

    /// <summary>
    /// 365.25 days / mean time from bar to bar, closures included: about 252 for daily bars of a stock index, about 1,550 for
    /// four-hour bars of a market that is open on five days. The interval alone would count nights and weekends as trading.
    /// </summary>
    public static double BarsPerYear(List<Bar> bars) =>
        (bars.Count - 1) / ((bars[^1].Time - bars[0].Time).TotalDays / 365.25);
}
