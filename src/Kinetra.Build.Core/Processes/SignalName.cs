using System.Globalization;

namespace Kinetra.Build.Core.Processes;

/// <summary>The names of signals, which Linux and macOS number differently from 7 on (signal(7), macOS sys/signal.h).</summary>
internal static class SignalName
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Linux =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private static readonly string[] MacOS =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE", "KILL", "BUS", "SEGV", "SYS", "PIPE", "ALRM", "TERM", "URG",
        "STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU", "IO", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "INFO", "USR1", "USR2",
    ];

    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["HUP"] = "its terminal closed", ["INT"] = "interrupted", ["QUIT"] = "told to quit with a core dump", ["ILL"] = "illegal instruction",
        ["TRAP"] = "breakpoint or failed check", ["ABRT"] = "aborted", ["BUS"] = "bad memory access, often a mapped file cut short or a full disk",
        ["FPE"] = "arithmetic error", ["KILL"] = "killed, often out of memory", ["SEGV"] = "crashed", ["PIPE"] = "wrote to a closed pipe",
        ["ALRM"] = "its own timer ran out", ["TERM"] = "told to stop", ["STOP"] = "stopped", ["XCPU"] = "its limit of processor time is used up",
        ["XFSZ"] = "its limit of file size is reached", ["SYS"] = "forbidden system call", ["PWR"] = "power failure",
    };

    /// <summary>A signal with its meaning, such as <c>SIGKILL, killed, often out of memory</c>.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="isMacOS">Whether by the numbers of macOS, otherwise by those of Linux.</param>
    /// <returns>Null for a number that is no signal.</returns>
    public static string? Describe(int number, bool isMacOS)
    {
        string[] names = isMacOS ? MacOS : Linux;
        if (number >= 1 && number <= names.Length)
        {
            string name = names[number - 1];
            return Meanings.TryGetValue(name, out string? meaning) ? $"SIG{name}, {meaning}" : "SIG" + name;
        }

        return !isMacOS && number is >= FirstRealTime and <= LastRealTime ? RealTime(number) : null;
    }

    // As "kill -l" says it: counted from the nearer end.
    private static string RealTime(int number)
    {
        bool isLow = number - FirstRealTime <= LastRealTime - number;
        int distance = isLow ? number - FirstRealTime : LastRealTime - number;
        string offset = distance == 0 ? "" : (isLow ? "+" : "-") + distance.ToString(CultureInfo.InvariantCulture);
        return (isLow ? "SIGRTMIN" : "SIGRTMAX") + offset;
    }
}
