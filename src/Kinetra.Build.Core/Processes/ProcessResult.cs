namespace Kinetra.Build.Core.Processes;

/// <summary>How a program ended.</summary>
public enum ProcessEnd
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>It took longer than allowed, and its whole tree was ended.</summary>
    TimedOut,

    /// <summary>The build was told to stop, and the whole tree was ended.</summary>
    Cancelled,
}

/// <summary>What became of a program.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">Its exit code; 128 + n if signal n ended it, as shells say it.</param>
/// <param name="OutputHeld">Whether a process that it left behind kept its output open.</param>
public sealed record ProcessResult(ProcessEnd End, int ExitCode, bool OutputHeld)
{
    /// <summary>The time that processors worked for it and for the children that it has waited for, in user and kernel mode; null if the system does not tell.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>
    /// The most memory that one of its processes had (Windows: all of them together), in bytes; null if the system does not tell, as
    /// Linux does not of a program that had no more than the build itself.
    /// </summary>
    public long? PeakMemory { get; init; }
}
