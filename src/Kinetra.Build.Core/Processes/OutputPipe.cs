using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>A pipe from or to a program; neither end is inherited by any other program.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class OutputPipe
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Creates a pipe.</summary>
    /// <returns>The reading end and the writing end. The one that is for a program is to be closed once the program has it.</returns>
    /// <exception cref="IOException">There is none to be had.</exception>
    public static (SafeHandle Reader, SafeHandle Writer) Create()
    {
        // .NET's own pipes bring its sockets with them, which costs a build some 20 ms. Only Linux has pipe2, though.
        if (OperatingSystem.IsLinux())
        {
            int* ends = stackalloc int[2];
            return pipe2(ends, CloseOnExec) == 0
                ? (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true))
                : throw new IOException("A pipe could not be created: " + Marshal.GetLastPInvokeErrorMessage());
        }

        // Its finalizer would close the ends, which are in use without it.
        AnonymousPipeServerStream stream = new(PipeDirection.Out, HandleInheritability.None);
        GC.SuppressFinalize(stream);
        return (stream.ClientSafePipeHandle, stream.SafePipeHandle);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);
}
