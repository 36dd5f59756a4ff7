using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>The Windows side of <see cref="NativeFile"/>.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFile
{
    private const uint ReplaceExisting = 1;
    private const uint WriteThrough = 8;
    private const int ErrorAccessDenied = 5;
    private const int ErrorSharingViolation = 32;
    private const int ErrorFileExists = 80;
    private const int ErrorAlreadyExists = 183;

    public static void Flush(SafeFileHandle handle)
    {
        if (!FlushFileBuffers(handle))
        {
            throw LastError("FlushFileBuffers");
        }
    }

    // COPY_ALLOWED is left out: across volumes the move must fail rather than become a copy. Virus scanners and indexers
    // hold a file for some milliseconds, hence the retries on a sharing violation.
    public static bool Move(string from, string to, bool replace)
    {
        for (int attempt = 1; !MoveFileEx(from, to, WriteThrough | (replace ? ReplaceExisting : 0)); attempt++)
        {
            int error = Marshal.GetLastPInvokeError();
            if (!replace && error is ErrorFileExists or ErrorAlreadyExists)
            {
                return false;
            }

            if (error is not (ErrorSharingViolation or ErrorAccessDenied) || attempt == 10)
            {
                throw LastError("MoveFileEx");
            }

            Thread.Sleep(10 * attempt);
        }

        return true;
    }

    private static NativeFileException LastError(string call)
    {
        int number = Marshal.GetLastPInvokeError();
        return new NativeFileException(number, $"{call}: {new Win32Exception(number).Message}");
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle handle);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string from, string to, uint flags);
}
