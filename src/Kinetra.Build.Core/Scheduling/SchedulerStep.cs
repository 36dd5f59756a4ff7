namespace Kinetra.Build.Core.Scheduling;

/// <summary>What a <see cref="Scheduler"/> knows of a step. Steps are named by their index in the list that it is given.</summary>
public sealed record SchedulerStep
{
    /// <summary>The steps that must have ended before this one may start, whatever became of them. Default: none.</summary>
    public IReadOnlyList<int> DependsOn { get; init; } = [];

    /// <summary>The steps that must have succeeded as well; they need not stand in <see cref="DependsOn"/> too. Default: none.</summary>
    public IReadOnlyList<int> RequiresSuccessOf { get; init; } = [];

    /// <summary>Among steps that may start, the higher one goes first. Default: 0.</summary>
    public int Priority { get; init; }

    /// <summary>The pool that it takes a place of, a name of <see cref="SchedulerOptions.Pools"/>; null for none.</summary>
    public string? Pool { get; init; }

    /// <summary>Whether its failure stops the run (or with <see cref="SchedulerOptions.KeepGoing"/>, what depends on it). Default: true.</summary>
    public bool IsCritical { get; init; } = true;

    /// <summary>Whether it runs after all others, whatever became of them. Only such steps may depend on such a step. Default: false.</summary>
    public bool Always { get; init; }

    /// <summary>
    /// Whether it takes part. One that does not counts as succeeded once what it depends on has ended, so that the order of the
    /// steps before and behind it is kept, and passes a failure before it on. Default: true.
    /// </summary>
    public bool IsSelected { get; init; } = true;

    /// <summary>The expected duration in seconds, for the longest remaining path. Default: 1, so that without history steps are counted.</summary>
    public double Seconds { get; init; } = 1;
}
