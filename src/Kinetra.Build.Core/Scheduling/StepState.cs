namespace Kinetra.Build.Core.Scheduling;

/// <summary>Where a step stands in a <see cref="Scheduler"/>.</summary>
internal enum StepState : byte
{
    /// <summary>It waits for others.</summary>
    Waiting,

    /// <summary>It waits for a place.</summary>
    Ready,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It waits before its next attempt.</summary>
    Paused,

    /// <summary>It waits for a place for its next attempt.</summary>
    ReadyAgain,

    /// <summary>It is among those that the caller is to end instead of another attempt.</summary>
    Abandoned,

    /// <summary>It succeeded, or does not take part and what it depends on has ended.</summary>
    Succeeded,

    /// <summary>It failed or was interrupted.</summary>
    Failed,

    /// <summary>It is not run.</summary>
    Skipped,
}
