using System.Globalization;

namespace Kinetra.Build.Core.Processes;

/// <summary>What the exit codes mean that Windows gives a program which did not end by itself (MS-ERREF, section 2.3.1, NTSTATUS values).</summary>
internal static class NtStatus
{
    private static readonly Dictionary<uint, string> Meanings = new()
    {
        [0x40010004] = "ended by a debugger",
        [0x80000003] = "breakpoint or failed check",
        [0xC0000005] = "access violation, crashed",
        [0xC0000017] = "out of memory",
        [0xC000001D] = "illegal instruction",
        [0xC0000022] = "access denied",
        [0xC0000094] = "integer division by zero",
        [0xC0000096] = "privileged instruction",
        [0xC00000FD] = "stack overflow",
        [0xC000012D] = "out of memory: the commit limit is reached",
        [0xC0000135] = "a DLL was not found",
        [0xC0000138] = "an ordinal was not found in a DLL",
        [0xC0000139] = "an entry point was not found in a DLL",
        [0xC000013A] = "interrupted by Ctrl-C or a closed console",
        [0xC0000142] = "a DLL failed to initialize",
        [0xC0000194] = "possible deadlock",
        [0xC0000374] = "heap corruption",
        [0xC0000409] = "stack buffer overrun or fail-fast abort",
        [0xC0000417] = "invalid argument to the C runtime",
        [0xC0000420] = "assertion failed",
        [0xC06D007E] = "a delay-loaded DLL was not found",
        [0xE0434352] = "unhandled .NET exception",
        [0xE06D7363] = "unhandled C++ exception",
    };

    /// <summary>A status with its meaning, such as <c>0xC0000005, access violation, crashed</c>.</summary>
    /// <param name="code">The exit code.</param>
    /// <returns>Null for a code that a program may have chosen itself.</returns>
    public static string? Describe(int code)
    {
        uint status = unchecked((uint)code);
        string hex = "0x" + status.ToString("X8", CultureInfo.InvariantCulture);
        return Meanings.TryGetValue(status, out string? meaning) ? $"{hex}, {meaning}"
            : status >= 0x8000_0000 && status < 0xFFFF_0000 ? hex
            : null;
    }
}
