namespace Kinetra.Build.Core.Workflows;

/// <summary>How a graph of steps is run.</summary>
/// <param name="MaxParallel">How many steps may run at a time; 1 or more.</param>
/// <param name="Pools">How many steps of each pool may run at a time, 1 or more each.</param>
/// <param name="GracePeriod">How long steps that run whatever happened may take once the build was told to stop.</param>
public sealed record WorkflowOptions(int MaxParallel, IReadOnlyDictionary<string, int> Pools, TimeSpan GracePeriod)
{
    /// <summary>Whether, after a critical failure, everything that does not depend on it still runs. Default false.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>Whether a critical failure ends the steps that run; otherwise they finish. Default false.</summary>
    public bool CancelsOnFailure { get; init; }
}
