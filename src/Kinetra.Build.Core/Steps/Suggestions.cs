using System.ComponentModel;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Core.Steps;

/// <summary>What to do about the common failures, from the exit code and the last lines of output.</summary>
internal static partial class Suggestions
{
    /// <summary>A suggestion for a failed attempt.</summary>
    /// <returns>Null if nothing useful can be said.</returns>
    public static string? For(AttemptResult result) => result.End switch
    {
        ProcessEnd.TimedOut => "Raise Timeout if the step may take longer; otherwise its log shows how far it came.",
        ProcessEnd.Cancelled => null,
        _ => ForMissingProgram(result) ?? OutputHints.For(result.Tail) ?? ForSignal(result.ExitCode),
    };

    /// <summary>A suggestion for a step that could not be run.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Null if the error says what to do.</returns>
    public static string? For(KinetraException error) =>
        error.Code != DiagnosticCodes.CannotStart ? null
        : error.InnerException is Win32Exception cause && ProcessRunner.IsTooLong(cause) ? "Write the commands into a script that the step calls, or a long list into a file that it reads."
        : "Arguments starts a program without a shell: for pipes, variables and what is built into the shell write Command.";

    // 126 and 127 are the shell's, which prints the name.
    private static string? ForMissingProgram(AttemptResult result)
    {
        bool isMissing = result.ExitCode is ExitCode.NotFound or ExitCode.NotFoundByCmd;
        if (!isMissing && result.ExitCode != ExitCode.NotExecutable)
        {
            return null;
        }

        string? name = result.Tail.Reverse().Select(NameIn).FirstOrDefault(found => found is not null);
        return isMissing
            ? $"Install {name ?? "the command"}, correct its name, or give its path: it is not on the PATH that the build has."
            : $"Make {name ?? "the file"} executable (chmod +x{(name is null ? "" : " " + name)}), or name its interpreter before it, such as sh or python3.";
    }

    private static string? NameIn(string line) =>
        ShellSays().Match(line) is { Success: true } match ? match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value : null;

    private static string? ForSignal(int code) => OperatingSystem.IsWindows() ? ForStatus(unchecked((uint)code)) : code switch
    {
        128 + 1 or 128 + 2 or 128 + 15 => "Something outside the build told the step to stop: a CI job's time limit, a supervisor, or somebody's kill.",
        128 + 6 => "The program gave up by itself: a failed assertion, an unhandled exception, or damaged memory. Its last output says why.",
        128 + 9 => "Often the machine or the container has run out of memory: see dmesg or the container's limit, and let the step need less (smaller batches, fewer at a time).",
        128 + 11 => "The program crashed. Update it and its native libraries; a core dump (ulimit -c unlimited) shows where.",
        128 + 13 => "The program at the other end of a pipe ended first, as head does. If that is meant, let the command end with \"|| true\".",
        _ => null,
    };

    private static string? ForStatus(uint status) => status switch
    {
        0xC0000005 or 0xC00000FD or 0xC0000374 or 0xC0000409 => "The program crashed. Update it and its native libraries; Event Viewer (Application) shows where.",
        0xC0000017 or 0xC000012D => "The machine has run out of memory: let the step need less (smaller batches, fewer at a time).",
        0xC0000135 or 0xC0000139 => "A DLL is missing or too old: install what the program needs, such as the Visual C++ runtime.",
        0xC000013A => "Something outside the build told the step to stop: Ctrl-C, a closed console, or a CI job's time limit.",
        _ => null,
    };

    // dash: "/bin/sh: 1: foo: not found"; bash: "bash: line 1: foo: command not found"; zsh: "zsh:1: command not found: foo";
    // env: "env: 'foo': No such file or directory"; cmd: "'foo' is not recognized as …".
    [GeneratedRegex("""^(?:\S+: (?:line )?(?:\d+: )?(?:exec: )?([^\s:]+): (?:command not found|not found|inaccessible or not found|[Pp]ermission denied|cannot execute.*)|\S*: command not found: (\S+)|\S*env: ['‘"]?([^\s:'’"]+)['’"]?: (?:No such file or directory|Permission denied)|'([^']+)' is not recognized as )""")]
    private static partial Regex ShellSays();
}
