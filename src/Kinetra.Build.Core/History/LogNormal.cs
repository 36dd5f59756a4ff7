namespace Kinetra.Build.Core.History;

/// <summary>
/// How long a step takes: log-normal, as durations are positive, skewed to the right, and vary in proportion. ln X is normal with mean
/// ln(<see cref="Median"/>) and standard deviation <see cref="Spread"/>.
/// </summary>
/// <param name="Median">Half of the runs are shorter; in seconds, 0 or more.</param>
/// <param name="Spread">The standard deviation of the logarithm; 0 for a duration that is known exactly. 0.1 is about ±10 %.</param>
public readonly record struct LogNormal(double Median, double Spread)
{
    // Whoever runs longer than it "always" does is not known exactly after all.
    private const double LeastSpreadWhenLate = 0.05;

    /// <summary>The mean, exp(μ + σ²/2), in seconds.</summary>
    public double Mean => Median * Math.Exp(Spread * Spread / 2);

    /// <summary>The same distribution with all durations multiplied.</summary>
    /// <param name="factor">More than 0.</param>
    public LogNormal Times(double factor) => this with { Median = Median * factor };

    /// <summary>The duration that this share of the runs does not exceed: exp(μ + σ Φ⁻¹(share)), in seconds.</summary>
    /// <param name="share">More than 0, less than 1.</param>
    public double Quantile(double share) => Spread == 0 ? Median : Median * Math.Exp(Spread * NormalDistribution.Quantile(share));

    /// <summary>
    /// How much longer a step runs that has run for some time. Given X &gt; t, X is log-normal truncated at t: with
    /// a = (ln t − μ)/σ its quantile is exp(μ − σ Φ⁻¹((1 − share)(1 − Φ(a)))), see N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous
    /// Univariate Distributions 1 (1994), chapters 13 and 14.
    /// </summary>
    /// <param name="elapsed">t, in seconds.</param>
    /// <param name="share">The share of the cases that is over by then; 0.5 for the median.</param>
    /// <returns>Seconds from now, 0 or more.</returns>
    public double Remaining(double elapsed, double share = 0.5)
    {
        if (elapsed <= 0 || Median <= 0)
        {
            return Median <= 0 ? 0 : Quantile(share);
        }

        if (Spread == 0 && elapsed < Median)
        {
            return Median - elapsed;
        }

        double spread = SpreadAt(elapsed);

        // A step that has only just begun, and a share next to 0, would round to 1, which has no quantile.
        double above = Math.Min(NormalDistribution.Above(Math.Log(elapsed / Median) / spread) * (1 - share), Math.BitDecrement(1.0));
        return above > double.Epsilon * 1e16
            ? Math.Max(0, (Median * Math.Exp(-spread * NormalDistribution.Quantile(above))) - elapsed)
            : FarOut(elapsed, spread, -Math.Log(1 - share));
    }

    /// <summary>The mean of what <see cref="Remaining"/> gives quantiles of: exp(μ + σ²/2) Φ(σ − a)/Φ(−a) − t.</summary>
    /// <param name="elapsed">t, in seconds.</param>
    public double MeanRemaining(double elapsed)
    {
        if (elapsed <= 0 || Median <= 0)
        {
            return Mean;
        }

        if (Spread == 0 && elapsed < Median)
        {
            return Median - elapsed;
        }

        double spread = SpreadAt(elapsed);
        double a = Math.Log(elapsed / Median) / spread;
        double above = NormalDistribution.Above(a);
        return above > double.Epsilon * 1e16
            ? Math.Max(0, (Median * Math.Exp(spread * spread / 2) * NormalDistribution.Above(a - spread) / above) - elapsed)
            : FarOut(elapsed, spread, 1);
    }

    // The tail of a normal distribution falls like an exponential one of rate a, so that ln X − ln t is exponential with mean σ/a.
    private double FarOut(double elapsed, double spread, double times) => elapsed * spread * spread / Math.Log(elapsed / Median) * times;

    private double SpreadAt(double elapsed) => elapsed < Median ? Spread : Math.Max(Spread, LeastSpreadWhenLate);
}
