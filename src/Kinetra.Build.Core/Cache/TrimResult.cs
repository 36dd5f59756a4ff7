namespace Kinetra.Build.Core.Cache;

/// <summary>What <see cref="StepCache.Trim"/> did.</summary>
/// <param name="Size">What the store holds now, in bytes; 0 if it has no limit, as nobody looked.</param>
/// <param name="RemovedSteps">How many steps it has forgotten.</param>
/// <param name="RemovedObjects">How many contents it has removed.</param>
/// <param name="RemovedBytes">How many bytes smaller it is.</param>
public sealed record TrimResult(long Size, int RemovedSteps, int RemovedObjects, long RemovedBytes);
