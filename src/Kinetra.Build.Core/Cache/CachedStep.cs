namespace Kinetra.Build.Core.Cache;

/// <summary>What is kept of a step that succeeded, so that it need not run again while its fingerprint is the same.</summary>
/// <param name="Workflow">The workflow's name, for messages.</param>
/// <param name="Step">The step's name, for messages.</param>
/// <param name="RunId">The run in which it was done.</param>
/// <param name="Duration">How long it took: what a hit saves.</param>
/// <param name="Outputs">Its declared outputs, whose content is in the store.</param>
/// <param name="Written">Files that its command was seen to make though they are not declared; their content is not kept.</param>
public sealed record CachedStep(
    string Workflow, string Step, string RunId, TimeSpan Duration, IReadOnlyList<CachedOutput> Outputs, IReadOnlyList<string> Written)
{
    /// <summary>What it was found by; null before it is stored.</summary>
    internal string? Fingerprint { get; init; }
}
