namespace Kinetra.Build.Tool.CommandLine;

/// <summary>What the exit codes of the tool mean. <c>run</c> has those of <c>dotnet build</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Fine.</summary>
    public const int Fine = 0;

    /// <summary>The run in question failed, was interrupted or killed; or a check has found something.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong: an unknown command or option, or a run, step, project or state directory that is not there.</summary>
    public const int WrongUsage = 2;

    /// <summary>Something that is there cannot be read or written.</summary>
    public const int CannotDo = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code that goes with a diagnostic code.</summary>
    public static int Of(string code) => code switch
    {
        Core.DiagnosticCodes.WrongUsage or Core.DiagnosticCodes.NoRuns or Core.DiagnosticCodes.NoProject or Core.DiagnosticCodes.UnknownRun or Core.DiagnosticCodes.UnknownStep
            or Core.DiagnosticCodes.UnusableVariable or Core.DiagnosticCodes.NoTerminal or Core.DiagnosticCodes.InvalidValue => WrongUsage,
        Core.DiagnosticCodes.ChecksumMismatch or Core.DiagnosticCodes.NoBackup or Core.DiagnosticCodes.CorruptBackup => Failed,
        _ => CannotDo,
    };
}
