namespace Kinetra.Build.Core.Retry;

/// <summary>How often a step is tried, and how long the pauses between are.</summary>
/// <param name="MaxAttempts">Attempts in all, the first included; 1 or more.</param>
/// <param name="Delay">The first pause.</param>
/// <param name="MaxDelay">No pause is longer.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan Delay, TimeSpan MaxDelay)
{
    // Jitter only ever shortens, by a quarter at the most: the maximum holds, and each pause is longer than the one before
    // (0.75 × 2 > 1) until the maximum is reached.
    private const double Jitter = 0.25;

    /// <summary>The pause after a failed attempt: min(maximum, delay × 2ⁿ⁻¹), shortened by up to a quarter at random so
    /// that builds that failed together do not come back together.</summary>
    /// <param name="failures">How many attempts have failed, from 1.</param>
    /// <param name="random">A number from 0 up to 1.</param>
    public TimeSpan PauseAfter(int failures, double random)
    {
        // 2^62 is more than any maximum, and still a number.
        double seconds = Delay.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 62));
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxDelay.TotalSeconds) * (1 - (Jitter * random)));
    }
}
