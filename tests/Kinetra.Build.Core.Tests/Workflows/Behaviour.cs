namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>How a step of a test behaves.</summary>
/// <param name="Failures">How many of its attempts fail before one succeeds.</param>
/// <param name="MaxAttempts">How often it is tried.</param>
/// <param name="Delay">How long an attempt takes, in tenths of a millisecond.</param>
/// <param name="IsForEngine">Whether it runs on the calling thread.</param>
internal sealed record Behaviour(int Failures, int MaxAttempts, int Delay, bool IsForEngine)
{
    /// <summary>The file that the step declares, which <see cref="WatchedWorkflow.OnStep"/> is to make; null for none.</summary>
    public string? Output { get; init; }

    public bool Succeeds => Failures < MaxAttempts;

    public int Attempts => Math.Min(Failures + 1, MaxAttempts);
}

