using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Runs;

/// <summary>How far a run is, in the words of the build's own progress.</summary>
internal static class TimeText
{
    /// <summary><c>5/7 · 63 % of the work · about 12 min (at most 18) · critical path: convert → prepare</c>.</summary>
    public static string Of(RunEstimate estimate) => TimeLeftText.Line(Convert(estimate), step => estimate.CriticalPath[step]);

    /// <summary><c>about 3 min left</c>; empty if the time is not known.</summary>
    public static string Left(RunEstimate estimate) => TimeLeftText.Left(Convert(estimate));

    private static TimeEstimate Convert(RunEstimate estimate) => new(estimate.Done, estimate.Total)
    {
        PercentOfWork = estimate.PercentOfWork,
        Median = estimate.Median,
        P90 = estimate.P90,
        CriticalPath = [.. Enumerable.Range(0, estimate.CriticalPath.Count)],
    };
}
