namespace Steps.Series;

/// <summary>The time from one bar to the next.</summary>
static class Interval
{
    /// <summary>
    /// The most frequent difference between consecutive bars; the smaller of two equally frequent ones. The mode rather than the
    /// smallest difference, because one misplaced bar would make the smallest wrong.
    /// </summary>
    /// <returns>Zero if no bar follows another in time.</returns>
    public static TimeSpan Of(IReadOnlyList<Bar> bars) =>
        bars.Zip(bars.Skip(1), (a, b) => b.Time - a.Time).Where(d => d > TimeSpan.Zero)
            .CountBy(d => d).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key).FirstOrDefault();

    /// <summary><c>4h</c>, <c>1d</c>, <c>5m</c>; <c>unknown</c> for zero.</summary>
    public static string Format(TimeSpan interval) =>
        interval == TimeSpan.Zero ? "unknown"
        : interval.TotalDays % 1 == 0 ? $"{interval.TotalDays:0}d"
        : interval.TotalHours % 1 == 0 ? $"{interval.TotalHours:0}h"
        : interval.TotalMinutes % 1 == 0 ? $"{interval.TotalMinutes:0}m"
        : $"{interval.TotalSeconds:0}s";
}
