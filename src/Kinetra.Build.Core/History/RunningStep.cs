namespace Kinetra.Build.Core.History;

/// <summary>A step that runs, or waits before its next attempt.</summary>
/// <param name="Step">Its index.</param>
/// <param name="Elapsed">For how long its attempt has run, in seconds; 0 while it waits.</param>
public sealed record RunningStep(int Step, double Elapsed)
{
    /// <summary>The progress that it reported last, in percent; null if it reported none.</summary>
    public double? Progress { get; init; }

    /// <summary>When the progress was reported, in seconds since the attempt began; null for now.</summary>
    public double? ProgressAt { get; init; }

    /// <summary>For how long it still waits before its next attempt, in seconds; 0 if it runs.</summary>
    public double Pause { get; init; }
}
