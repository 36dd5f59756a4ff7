namespace Kinetra.Build.Core.History;

/// <summary>How far a run is, and how long it still takes.</summary>
/// <param name="Done">How many steps have ended or are skipped.</param>
/// <param name="Total">How many steps there are.</param>
public sealed record TimeEstimate(int Done, int Total)
{
    /// <summary>The share of the work that is done, in whole percent rounded down; 100 only at the end, and never less than before. Null while durations are still to be learned.</summary>
    public int? PercentOfWork { get; init; }

    /// <summary>The time left that is as likely too long as too short; null while durations are still to be learned.</summary>
    public TimeSpan? Median { get; init; }

    /// <summary>The time left that is enough in nine of ten cases; null while durations are still to be learned.</summary>
    public TimeSpan? P90 { get; init; }

    /// <summary>The steps, by their index, that determine the end, from what runs now to what ends last, each depending on the one before it.</summary>
    public IReadOnlyList<int> CriticalPath { get; init; } = [];
}
