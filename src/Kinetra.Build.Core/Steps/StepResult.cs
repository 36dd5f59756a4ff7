using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>What a step that has succeeded left.</summary>
/// <param name="Outputs">Its declared outputs.</param>
/// <param name="Written">Files named in its command that it made without declaring them.</param>
/// <param name="Changed">Inputs that are not what they were when it began.</param>
/// <param name="Missing">Declared outputs that it did not make.</param>
internal sealed record StepResult(IReadOnlyList<OutputDigest> Outputs, IReadOnlyList<string> Written, IReadOnlyList<string> Changed, IReadOnlyList<string> Missing);
