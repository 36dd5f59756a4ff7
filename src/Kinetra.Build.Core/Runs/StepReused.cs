using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Runs;

/// <summary>What is known of a step whose work an earlier run did.</summary>
/// <param name="RunId">That run.</param>
/// <param name="Fingerprint">What the step is made of.</param>
/// <param name="Outputs">Its declared outputs.</param>
/// <param name="Written">Files named in its command that it made without declaring them.</param>
public sealed record StepReused(string RunId, Fingerprint Fingerprint, IReadOnlyList<OutputDigest> Outputs, IReadOnlyList<string> Written)
{
    /// <summary>The outputs that had to be put back, or would have to be, as <see cref="OutputDigest.Path"/> has them.</summary>
    public IReadOnlyList<string> Restored { get; init; } = [];
}
