using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>Whether a step is run, and why.</summary>
/// <param name="Identity">What it is made of.</param>
/// <param name="Fingerprinter">Computes its fingerprint.</param>
/// <param name="Fingerprint">The fingerprint when it begins.</param>
/// <param name="Prior">What the runs that this one continues know of it.</param>
/// <param name="IsTakenOver">Whether it need not be run, as <paramref name="Prior"/> stands for it.</param>
/// <param name="Reason">Why, in one line.</param>
internal sealed record StepDecision(StepIdentity Identity, Fingerprinter Fingerprinter, Fingerprint Fingerprint, StepRecord? Prior, bool IsTakenOver, string Reason)
{
    /// <summary>What the cache knows of it; null if it is run, or was taken over from the run that is continued.</summary>
    public StepReused? Cached { get; init; }

    /// <summary>Whether the cache is to have what it makes.</summary>
    public bool IsCacheable { get; init; }

    /// <summary>Whether what comes behind it, and was completed before, may rely on what it was before it ran now.</summary>
    public bool MayOutdate { get; init; }
}
