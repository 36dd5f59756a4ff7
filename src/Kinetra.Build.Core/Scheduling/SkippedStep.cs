namespace Kinetra.Build.Core.Scheduling;

/// <summary>Why a step is not run.</summary>
public enum SkipCause
{
    /// <summary>A critical step failed, and the run does not keep going.</summary>
    CriticalFailed,

    /// <summary>It depends, perhaps through others, on a step that did not succeed.</summary>
    DependencyFailed,

    /// <summary>The build was told to stop.</summary>
    Stopped,
}

/// <summary>A step that is not run.</summary>
/// <param name="Step">Its index.</param>
/// <param name="Cause">Why.</param>
/// <param name="Because">The step that failed and so was the reason; for one that requires a stopped step, that step; null for <see cref="SkipCause.Stopped"/>.</param>
public readonly record struct SkippedStep(int Step, SkipCause Cause, int? Because);
