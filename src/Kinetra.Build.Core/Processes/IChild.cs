namespace Kinetra.Build.Core.Processes;

/// <summary>A started program and the processes that it starts in turn.</summary>
internal interface IChild : IDisposable
{
    /// <summary>Its process id; on Linux and macOS its session's and its group's too.</summary>
    int Id { get; }

    /// <summary>Whether anything of the tree still runs, the program itself left out.</summary>
    bool HasDescendants();

    /// <summary>Asks the whole tree to stop, each process once.</summary>
    void Terminate();

    /// <summary>Ends whatever is left of the tree.</summary>
    void Kill();

    /// <summary>The end of a program that has ended, or is about to. Its process id is free for others once this returns.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CannotStart"/>: somebody else has taken the exit code.</exception>
    ChildEnd Reap();
}

/// <summary>How a program ended, and what it took, the children that it has waited for included.</summary>
/// <param name="ExitCode">The exit code; 128 + n if signal n ended it.</param>
/// <param name="Cpu">The time that processors worked for it, in user and kernel mode; null if the system does not tell.</param>
/// <param name="PeakMemory">The most memory that one of its processes had (Windows: all of them together), in bytes; null if the system does not tell.</param>
internal readonly record struct ChildEnd(int ExitCode, TimeSpan? Cpu, long? PeakMemory);
