using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>A pipe for the output of a program; neither end is inherited by any other program.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class OutputPipe
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Creates a pipe.</summary>
    /// <returns>The reading end, and the writing end to be closed once the program has it.</returns>
    public static (Stream Reader, SafeHandle Writer) Create()
    {
        // .NET's own pipes bring its sockets with them, which costs a build some 20 ms. Only Linux has pipe2, though.
        if (!OperatingSystem.IsLinux())
        {
            AnonymousPipeServerStream stream = new(PipeDirection.In, HandleInheritability.None);
            return (stream, stream.ClientSafePipeHandle);
        }

        int* ends = stackalloc int[2];
        if (pipe2(ends, CloseOnExec) != 0)
        {
            throw new IOException("A pipe could not be created: " + Marshal.GetLastPInvokeErrorMessage());
        }

        FileStream reader = new(new SafeFileHandle(ends[0], ownsHandle: true), FileAccess.Read, bufferSize: 0);
        return (reader, new SafeFileHandle(ends[1], ownsHandle: true));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
