namespace Kinetra.Build.Core.Fingerprints;

/// <summary>What a step has made, as a step behind it takes it.</summary>
/// <param name="Step">The name of the step that made it.</param>
/// <param name="Outputs">Its declared outputs.</param>
public sealed record ConsumedOutputs(string Step, IReadOnlyList<OutputDigest> Outputs);
