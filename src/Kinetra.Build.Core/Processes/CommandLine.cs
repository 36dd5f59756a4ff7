using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Turns a command line into a program and its arguments. One that says the same without a shell is run without one, as GNU make
/// does (its job.c): that saves starting the shell. Any doubt is for the shell, so that a user sees no difference.
/// </summary>
public static class CommandLine
{
    // Words that a shell does itself, or reads as its own. Where there is a program of that name too, it may differ (echo -e).
    private static readonly HashSet<string> OfTheShell =
    [
        ".", ":", "[", "[[", "alias", "bg", "bind", "break", "builtin", "caller", "case", "cd", "chdir", "command", "compgen", "complete", "compopt", "continue",
        "coproc", "declare", "dirs", "disown", "do", "done", "echo", "elif", "else", "enable", "esac", "eval", "exec", "exit", "export", "fc", "fg", "fi",
        "for", "function", "getopts", "hash", "help", "history", "if", "in", "jobs", "kill", "let", "local", "login", "logout", "mapfile", "popd", "printf",
        "pushd", "pwd", "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt", "source", "suspend", "test", "then", "time", "times",
        "trap", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "wait", "while",
    ];

    // Programs of these names do the same as the shell, as long as they are not asked for their version or a help.
    private static readonly HashSet<string> OfBoth = ["true", "false"];

    /// <summary>The program and the arguments that do what a line says.</summary>
    /// <param name="line">The line.</param>
    /// <param name="workingDirectory">Where it runs; absolute.</param>
    /// <param name="environment">What it runs with.</param>
    /// <returns>The path of the program, null if it is to be looked up (the shell's); and its name and arguments.</returns>
    public static (string? Program, IReadOnlyList<string> Arguments) Split(string line, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        if (OperatingSystem.IsWindows() || !IsPlain(line))
        {
            return (null, ProcessSpec.Shell(line));
        }

        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        bool mayBeProgram = words.Length > 0 && !words[0].Contains('=') && !OfTheShell.Contains(words[0]) && (words.Length == 1 || !OfBoth.Contains(words[0]));
        string? program = mayBeProgram ? ProgramPath.Find(words[0], workingDirectory, environment) : null;
        return program is not null && IsBinary(program) ? (program, words) : (null, ProcessSpec.Shell(line));
    }

    // Only what no shell takes for anything but itself.
    private static bool IsPlain(string line)
    {
        foreach (char c in line)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (' ' or '\t' or '%' or '+' or ',' or '-' or '.' or '/' or ':' or '=' or '@' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    // A script without "#!" is for the shell, and of one with it the shell says what is wrong with its first line: ELF and Mach-O only.
    private static bool IsBinary(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            Span<byte> magic = stackalloc byte[4];
            return RandomAccess.Read(file, magic, 0) == 4
                && (magic.SequenceEqual("\u007fELF"u8) || magic is [0xcf, 0xfa, 0xed, 0xfe] or [0xca, 0xfe, 0xba, 0xbe]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A program that may be run but not read.
            return false;
        }
    }
}
