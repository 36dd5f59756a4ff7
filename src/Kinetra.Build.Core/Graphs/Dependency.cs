namespace Kinetra.Build.Core.Graphs;

/// <summary>That a step waits for another.</summary>
/// <param name="Step">The index of the step that it waits for.</param>
/// <param name="MustSucceed">Whether that has to succeed; otherwise it need only have ended.</param>
/// <param name="File">The input, as written, that the other step makes; null if <c>DependsOn</c> names the step.</param>
public sealed record Dependency(int Step, bool MustSucceed, string? File);
