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

    /// <summary>The status of what a path stands for; null if there is nothing.</summary>
    public static FileStatus? Status(string path, bool follow)
    {
        FileInfo file = new(path);
        try
        {
            if ((int)file.Attributes == -1)
            {
                return null;
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (file.LinkTarget is not null)
        {
            return follow ? (file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? Status(target.FullName, follow: false) : null) : Make(FileKind.Link, 0, 0);
        }

        return (file.Attributes & FileAttributes.Directory) != 0 ? Make(FileKind.Directory, 0, 0)
            : (file.Attributes & FileAttributes.Device) != 0 ? Make(FileKind.Other, 0, 0)
            : Make(FileKind.File, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    /// <summary>The status of an open file.</summary>
    public static FileStatus Status(SafeFileHandle handle) =>
        Make(FileKind.File, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle).Ticks);

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

    private static FileStatus Make(FileKind kind, long size, long modified) => new(kind, (UnixFileMode)0xFFF, 0, 0, 1, 0, 0, size, modified, 0);

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
