namespace Kinetra.Build.Core.Scheduling;

/// <summary>The limits of a <see cref="Scheduler"/>, and what it does after a failure.</summary>
/// <param name="MaxParallel">How many steps may run at a time; at least 1.</param>
public sealed record SchedulerOptions(int MaxParallel)
{
    /// <summary>Whether everything that does not depend on a failed critical step still runs. Default: false.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>How many steps of a pool may run at a time, by its name; at least 1 each. Default: no pools.</summary>
    public IReadOnlyDictionary<string, int> Pools { get; init; } = new Dictionary<string, int>();
}
