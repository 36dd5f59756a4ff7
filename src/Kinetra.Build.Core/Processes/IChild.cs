namespace Kinetra.Build.Core.Processes;

/// <summary>A started program and the processes that it starts in turn.</summary>
internal interface IChild : IDisposable
{
    /// <summary>Its process id; on Linux and macOS its session's and its group's too.</summary>
    int Id { get; }

    /// <summary>Its output: one pipe for output and errors where the system allows it, so that their order is kept. Closed by whoever reads it.</summary>
    IReadOnlyList<Stream> Outputs { get; }

    /// <summary>Waits for the program, not for what it started.</summary>
    /// <returns>The exit code; 128 + n if signal n ended it.</returns>
    int WaitForExit();

    /// <summary>Whether anything of the tree still runs, the program itself left out.</summary>
    bool HasDescendants();

    /// <summary>Asks the whole tree to stop, each process once.</summary>
    void Terminate();

    /// <summary>Ends whatever is left of the tree.</summary>
    void Kill();
}
