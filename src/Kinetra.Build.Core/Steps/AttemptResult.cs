using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Steps;

/// <summary>What became of one attempt.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Tail">The last lines of its output, secrets masked.</param>
/// <param name="LogFile">Its output, as the user would write the path; null if it has none of its own, or printed nothing.</param>
/// <param name="OutputHeld">Whether a process that it left behind kept its output open.</param>
public sealed record AttemptResult(ProcessEnd End, int ExitCode, IReadOnlyList<string> Tail, string? LogFile, bool OutputHeld = false)
{
    /// <summary>What its output has told: operations, progress, problems.</summary>
    public AttemptOutput Output { get; init; } = AttemptOutput.None;

    /// <summary>The processor time of its program, as <see cref="ProcessResult.Cpu"/>; null if there was none, or the system does not tell.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>The most memory that its program had in bytes, as <see cref="ProcessResult.PeakMemory"/>; null if the system does not tell.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Why it failed, if no program's exit code says it; null if one does.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the step is done.</summary>
    public bool Succeeded => End == ProcessEnd.Exited && ExitCode == 0;
}

/// <summary>An attempt to be made.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Log">Where its output goes.</param>
/// <param name="Cancellation">Ends it.</param>
public sealed record Attempt(int Number, Files.FilePath Log, CancellationToken Cancellation)
{
    /// <summary>To be told what the environment of its processes holds, before they begin: by it they are found, should the build die.</summary>
    public Action<string> Begin { get; init; } = _ => { };

    /// <summary>To be told the progress that it reports, 0 to 100 percent, when it grows.</summary>
    public Action<int> Progress { get; init; } = _ => { };
}
