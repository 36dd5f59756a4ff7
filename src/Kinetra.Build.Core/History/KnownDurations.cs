namespace Kinetra.Build.Core.History;

/// <summary>What is expected of steps before they run: their history, else what the workflow's author expects, else the mean of the others.</summary>
public static class KnownDurations
{
    /// <summary>How far a duration that the author gave may be off: by a quarter in either direction in one case of three.</summary>
    public const double SpreadOfExpected = 0.25;

    /// <summary>How far a duration may be off that was taken from the other steps.</summary>
    public const double SpreadOfMean = 0.5;

    /// <summary>The distribution of a step's duration; null if nothing is known of it.</summary>
    /// <param name="history">Its past; null if there is none.</param>
    /// <param name="expected">Its <c>ExpectedDuration</c>; null if there is none.</param>
    public static LogNormal? Of(StepHistory? history, TimeSpan? expected) =>
        DurationEstimate.Of(history) ?? (expected is { } given ? new LogNormal(given.TotalSeconds, SpreadOfExpected) : null);

    /// <summary>The mean duration of the known ones in seconds, for those that are not; null if none is known.</summary>
    /// <param name="durations">For each step what is known of it.</param>
    public static double? Mean(IReadOnlyList<LogNormal?> durations)
    {
        double sum = 0;
        int known = 0;
        for (int i = 0; i < durations.Count; i++)
        {
            if (durations[i] is { } one)
            {
                sum += one.Median;
                known++;
            }
        }

        return known == 0 ? null : sum / known;
    }

    /// <summary>What <see cref="Scheduling.SchedulerStep.Seconds"/> is to be for each step: its median, else <see cref="Mean"/>, else 1.</summary>
    /// <param name="durations">For each step what is known of it.</param>
    public static double[] Seconds(IReadOnlyList<LogNormal?> durations)
    {
        double otherwise = Mean(durations) ?? 1;
        double[] seconds = new double[durations.Count];
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] = durations[i]?.Median ?? otherwise;
        }

        return seconds;
    }
}
