namespace Kinetra.Build.Core.Processes;

/// <summary>What exit codes mean.</summary>
public static class ExitCode
{
    /// <summary>The shell found the program but could not run it.</summary>
    public const int NotExecutable = 126;

    /// <summary>The shell did not find the program.</summary>
    public const int NotFound = 127;

    // Signal numbers that Linux and macOS share.
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP, its terminal closed", [2] = "SIGINT, interrupted", [3] = "SIGQUIT", [4] = "SIGILL, illegal instruction",
        [6] = "SIGABRT, aborted", [8] = "SIGFPE, arithmetic error", [9] = "SIGKILL, killed, often out of memory",
        [11] = "SIGSEGV, crashed", [13] = "SIGPIPE, wrote to a closed pipe", [14] = "SIGALRM", [15] = "SIGTERM, told to stop",
    };

    /// <summary>An exit code in words: <c>exit code 137 (SIGKILL, killed, often out of memory)</c>.</summary>
    /// <param name="code">The exit code.</param>
    public static string Describe(int code) => code switch
    {
        NotExecutable => "exit code 126 (found, but not executable)",
        NotFound => "exit code 127 (command not found)",
        > 128 when !OperatingSystem.IsWindows() && Signals.TryGetValue(code - 128, out string? signal) => $"exit code {code} ({signal})",
        _ => $"exit code {code}",
    };
}
