using Kinetra.Build.Core.Retry;

namespace Kinetra.Build.Core.Steps;

/// <summary>What a step is, apart from the work that an attempt does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsCritical">Whether its failure fails the workflow.</param>
/// <param name="Retry">How often it is tried.</param>
/// <param name="ExitCodes">Which failures are tried again.</param>
/// <param name="Suggestion">What the user wants to be told when it fails; null for nothing.</param>
public sealed record StepDefinition(string Name, bool IsCritical, RetryPolicy Retry, RetryExitCodes ExitCodes, string? Suggestion)
{
    /// <summary>Whether it is not run if the cache knows what it would make. Only a step that declares inputs and outputs can be.</summary>
    public bool UsesCache { get; init; }
}
