namespace Kinetra.Build.Core.History;

/// <summary>
/// How much longer a running step takes. Without reported progress: its usual duration, given that it has already run this long
/// (<see cref="LogNormal.Remaining"/>). With p % after t seconds the rest is t (100 − p)/p if the pace stays; how far paces vary is taken as
/// a spread of 0.3 √((100 − p)/p), so that 10 % says little and 90 % almost all. Both are combined in log space, each with the inverse of
/// its variance as its weight, which is the posterior of two independent normal observations.
/// </summary>
internal readonly struct Forecast
{
    private const double PaceSpread = 0.3;

    // Even a past that never varied is not trusted against what the step itself says.
    private const double LeastUsualSpread = 0.05;

    private readonly LogNormal _usual;
    private readonly double _elapsed;
    private readonly LogNormal? _rest;

    /// <param name="usual">Its usual duration, for this machine and day.</param>
    /// <param name="step">What it has done.</param>
    public Forecast(LogNormal usual, in RunningStep step)
    {
        (_usual, _elapsed) = (usual, step.Elapsed);
        double since = Math.Max(0, step.Elapsed - (step.ProgressAt ?? step.Elapsed));
        double at = step.Elapsed - since;
        if (step.Progress is not (> 0 and { } progress) || at <= 0)
        {
            return;
        }

        // At 100 % a step is not over yet, but nearly.
        double odds = Math.Max(100 - progress, 0.1) / Math.Min(progress, 99.9);
        double own = Math.Max((at * odds) - since, at * odds * 0.05);
        double ownSpread = PaceSpread * Math.Sqrt(odds);
        double usualRest = Math.Max(usual.Remaining(step.Elapsed), 1e-6);
        double usualSpread = Math.Max(Math.Log(Math.Max(usual.Remaining(step.Elapsed, 0.8413) / usualRest, 1)), LeastUsualSpread);
        (double ownWeight, double usualWeight) = (1 / (ownSpread * ownSpread), 1 / (usualSpread * usualSpread));
        double median = Math.Exp(((Math.Log(own) * ownWeight) + (Math.Log(usualRest) * usualWeight)) / (ownWeight + usualWeight));
        _rest = new LogNormal(median, 1 / Math.Sqrt(ownWeight + usualWeight));
    }

    /// <summary>The time left that this share of the cases does not exceed, in seconds from now.</summary>
    public double Remaining(double share) => _rest is { } rest ? rest.Quantile(share) : _usual.Remaining(_elapsed, share);
}
