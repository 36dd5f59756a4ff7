using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>The place of a step in a graph of steps.</summary>
/// <param name="Upstream">The steps that it depends on, as far as they have taken part in the run, or were completed before and are left out now.</param>
public sealed record StepContext(IReadOnlyList<StepRecord> Upstream)
{
    /// <summary>
    /// Whether it is run whatever happened: though an earlier run has completed it, and though the build was told to stop; then only the cancellation of
    /// its own ends it.
    /// </summary>
    public bool IsAlways { get; init; }

    /// <summary>How long it could have run but had to wait for a place.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>How long it usually takes; null if that is not known.</summary>
    public TimeSpan? UsualDuration { get; init; }

    /// <summary>Told that its work begins; not of a step that is not run.</summary>
    public Action<StepRecord> Begun { get; init; } = _ => { };

    /// <summary>Why it was cancelled, if not because the build was told to stop; null if so.</summary>
    public Func<string?> WhyCancelled { get; init; } = () => null;

    /// <summary>Told that it pauses before its next attempt, and needs its place in the meantime no more.</summary>
    public Action Pausing { get; init; } = () => { };

    /// <summary>Called before the next attempt; returns when the step has a place again, or is to stop.</summary>
    public Action Resuming { get; init; } = () => { };
}
