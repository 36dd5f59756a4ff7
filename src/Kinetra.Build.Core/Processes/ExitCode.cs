namespace Kinetra.Build.Core.Processes;

/// <summary>What exit codes mean.</summary>
public static class ExitCode
{
    /// <summary>The shell found the program but could not run it.</summary>
    public const int NotExecutable = 126;

    /// <summary>The shell did not find the program.</summary>
    public const int NotFound = 127;

    /// <summary>The Windows shell did not find the program.</summary>
    public const int NotFoundByCmd = 9009;

    /// <summary>An exit code in words: <c>exit code 137 (SIGKILL, killed, often out of memory)</c>.</summary>
    /// <param name="code">The exit code.</param>
    public static string Describe(int code) =>
        Describe(code, OperatingSystem.IsWindows() ? ExitCodeForm.Windows : OperatingSystem.IsMacOS() ? ExitCodeForm.MacOS : ExitCodeForm.Linux);

    /// <summary>An exit code in words, as the given system means it.</summary>
    internal static string Describe(int code, ExitCodeForm form) => Meaning(code, form) is { } meaning ? $"exit code {code} ({meaning})" : $"exit code {code}";

    private static string? Meaning(int code, ExitCodeForm form) => (code, form) switch
    {
        (NotFoundByCmd, ExitCodeForm.Windows) => "command not found",
        (_, ExitCodeForm.Windows) => NtStatus.Describe(code),
        (NotExecutable, _) => "found, but not executable",
        (NotFound, _) => "command not found",
        (> 128, _) => SignalName.Describe(code - 128, form == ExitCodeForm.MacOS),
        _ => null,
    };
}

/// <summary>The systems that give exit codes different meanings.</summary>
internal enum ExitCodeForm
{
    /// <summary>128 and the number of a signal of Linux.</summary>
    Linux,

    /// <summary>128 and the number of a signal of macOS.</summary>
    MacOS,

    /// <summary>NTSTATUS values.</summary>
    Windows,
}
