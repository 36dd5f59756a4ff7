namespace Kinetra.Build.Core.Processes;

/// <summary>How long a program may take.</summary>
/// <param name="Timeout">Until it is told to stop; null: for ever.</param>
/// <param name="GracePeriod">From being told to stop until it is killed.</param>
public sealed record ProcessLimits(TimeSpan? Timeout, TimeSpan GracePeriod)
{
    /// <summary>How long output is still read after the program has ended, if a process that it left behind holds the pipe open.</summary>
    internal static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);
}
