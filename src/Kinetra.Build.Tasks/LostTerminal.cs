using System.Runtime.InteropServices;

namespace Kinetra.Build.Tasks;

/// <summary>
/// A terminal that was closed while the build writes to it. .NET throws when it cannot write there, and the engine dies of
/// that before the run has an end (seen with <c>-m:1</c>: exit code 134).
/// </summary>
internal static partial class LostTerminal
{
    private const int InputOutputError = 5;
    private const int ReadWrite = 2;

    // .NET's console has a descriptor of its own for the terminal, somewhere among the first.
    private const int Descriptors = 1024;

    /// <summary>If the terminal has gone, what is printed from now on goes nowhere.</summary>
    public static void Silence()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (int descriptor = 0; descriptor < Descriptors; descriptor++)
        {
            // To ask a terminal that has gone whether it is one is an error of its own.
            if (isatty(descriptor) == 0 && Marshal.GetLastPInvokeError() == InputOutputError && open("/dev/null", ReadWrite) is >= 0 and int nowhere)
            {
                _ = dup2(nowhere, descriptor);
                _ = close(nowhere);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
