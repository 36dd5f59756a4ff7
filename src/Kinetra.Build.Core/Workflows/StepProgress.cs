using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Workflows;

/// <summary>How a step of a graph that runs stands. Times are timestamps of the clock for durations.</summary>
public readonly record struct StepProgress
{
    /// <summary>Whether it has been started, ended or not.</summary>
    public bool IsStarted { get; init; }

    /// <summary>Whether it has ended, or is not run.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Whether it waits before its next attempt, without a place.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When it was started.</summary>
    public long Start { get; init; }

    /// <summary>When it ended.</summary>
    public long End { get; init; }

    /// <summary>What the run knows of it; null before it begins, and for one that is not run because of others.</summary>
    public StepRecord? Record { get; init; }
}
