namespace Kinetra.Build.Core.History;

/// <summary>
/// How much slower or faster than usual everything is on this machine today. From each step that finished comes ln(actual/predicted); of
/// n of them the weighted median (weights: the inverse of each step's variance) and the spread s, scaled from the MAD, are taken. The variance
/// of a median is π/2 · s²/n; with the prior that ln of the factor is 0 ± τ, the estimate is shrunk towards 1 by the share that the prior has in the
/// precision. τ is half of the steps' usual spread, as a day's share can be no more than what past days have shown, at least 0.1 for the estimate
/// itself. Fewer than three steps say nothing, and the factor stays between 1/4 and 4.
/// </summary>
internal sealed class DayFactor
{
    private const int LeastSteps = 3;
    private const double Bound = 4;
    private const double LeastPrior = 0.1;
    private const double LeastSpread = 0.02;
    private const double MadToDeviation = 1.4826;

    // Shorter ones are mostly what it costs to start a process.
    private const double LeastSeconds = 0.01;

    // The median of many is no better than that of the last few hundred, and costs a sort.
    private const int Latest = 256;

    private readonly double[] _ratios = new double[Latest];
    private readonly double[] _weights = new double[Latest];
    private int _count;
    private int _next;

    /// <summary>The part of a step's usual variance that is shared by all steps of a day.</summary>
    public const double SharedVariance = 0.25;

    /// <summary>Adds a step that finished.</summary>
    /// <param name="usual">Its usual duration.</param>
    /// <param name="seconds">How long it took.</param>
    public void Add(LogNormal usual, double seconds)
    {
        if (usual.Median < LeastSeconds || seconds < LeastSeconds)
        {
            return;
        }

        double ratio = Math.Log(seconds / usual.Median);
        double weight = 1 / ((usual.Spread * usual.Spread) + (LeastSpread * LeastSpread));
        (_ratios[_next], _weights[_next]) = (ratio, weight);
        _next = (_next + 1) % Latest;
        _count = Math.Min(_count + 1, Latest);
    }

    /// <summary>The factor as a distribution.</summary>
    /// <param name="typicalSpread">The typical spread of the steps.</param>
    public LogNormal Estimate(double typicalSpread)
    {
        double prior = typicalSpread * Math.Sqrt(SharedVariance);
        if (_count < LeastSteps)
        {
            return new LogNormal(1, prior);
        }

        double[] ratios = new double[_count];
        double[] weights = new double[_count];
        Array.Copy(_ratios, ratios, _count);
        Array.Copy(_weights, weights, _count);
        double median = WeightedMedian.Of(ratios, weights);
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = Math.Abs(ratios[i] - median);
        }

        // The MAD of a few may be small by chance, but not much smaller than what the steps usually show.
        double spread = Math.Max(LeastSpread, Math.Max(MadToDeviation * WeightedMedian.Of(ratios, weights), typicalSpread * 0.75));
        double precision = ratios.Length / (Math.PI / 2 * spread * spread);
        double widePrior = Math.Max(prior, LeastPrior);
        double shrunk = median * precision / (precision + (1 / (widePrior * widePrior)));
        return new LogNormal(
            Math.Exp(Math.Clamp(shrunk, -Math.Log(Bound), Math.Log(Bound))),
            prior == 0 ? 0 : 1 / Math.Sqrt(precision + (1 / (prior * prior))));
    }
}
