namespace Steps.Strategies;

/// <summary>What a strategy made of a stretch of bars, after costs.</summary>
/// <param name="TotalReturn">Final equity / initial equity − 1; 0.1 is 10 %.</param>
/// <param name="Sharpe">
/// Annualised Sharpe ratio with a risk-free rate of 0: mean(r) / stdev(r) · √(bars a year), r the return of the equity over one
/// bar, stdev with divisor n − 1; NaN if r never changes. W. F. Sharpe, "The Sharpe Ratio", J. of Portfolio Management 21 (1994).
/// </param>
/// <param name="MaxDrawdown">Largest loss from a peak of the equity at bar closes (the start counts as one) to a later close, as a share of the peak.</param>
/// <param name="Trades">Units bought or sold: in and out is 2, from long to short is 2.</param>
sealed record Performance(double TotalReturn, double Sharpe, double MaxDrawdown, int Trades);
