using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kinetra.Build.Core.Files;

/// <summary>Says what went wrong in an input/output call: the name of the error number where it is known, and its text.</summary>
internal static class Errno
{
    /// <summary>EPERM: not permitted to this user.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: there is nothing of that name.</summary>
    public const int NotFound = 2;

    /// <summary>EINTR: a signal came; the call did nothing and is made again.</summary>
    public const int Interrupted = 4;

    /// <summary>EACCES: the rights do not allow it.</summary>
    public const int AccessDenied = 13;

    /// <summary>EXDEV: the two are on different file systems.</summary>
    public const int CrossDevice = 18;

    /// <summary>ENOTDIR: part of the path is no directory.</summary>
    public const int NotDirectory = 20;

    /// <summary>ERANGE: the buffer is too small.</summary>
    public const int OutOfRange = 34;

    /// <summary>ENODATA (Linux), ENOATTR (macOS): there is no such attribute.</summary>
    public static readonly int NoAttribute = OperatingSystem.IsMacOS() ? 93 : 61;

    /// <summary>EAGAIN, which flock reports for a lock held by another (Linux 11, macOS and BSD 35).</summary>
    public static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>EEXIST: the name is taken.</summary>
    public const int Exists = 17;

    /// <summary>EINVAL: among others, the file system does not know a flag.</summary>
    public const int Invalid = 22;

    // Error numbers up to 34 are the same on Linux and macOS; the rest only get their text.
    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "EPERM", [2] = "ENOENT", [4] = "EINTR", [5] = "EIO", [12] = "ENOMEM", [13] = "EACCES", [16] = "EBUSY",
        [17] = "EEXIST", [18] = "EXDEV", [20] = "ENOTDIR", [21] = "EISDIR", [22] = "EINVAL", [23] = "ENFILE", [24] = "EMFILE",
        [26] = "ETXTBSY", [27] = "EFBIG", [28] = "ENOSPC", [30] = "EROFS", [31] = "EMLINK", [32] = "EPIPE",
    };

    /// <summary>Whether the file system, or this kernel, cannot do at all what was asked (ENOSYS, ENOTSUP, EOPNOTSUPP).</summary>
    /// <param name="number">The error number.</param>
    public static bool MeansUnsupported(int number) =>
        OperatingSystem.IsMacOS() ? number is 45 or 78 or 102 : number is 38 or 95;

    /// <summary>The last P/Invoke's error, as an exception whose message carries the number's name.</summary>
    /// <param name="call">The call that failed, such as <c>fsync</c>.</param>
    public static NativeFileException LastError(string call)
    {
        int number = Marshal.GetLastPInvokeError();
        return new NativeFileException(number, $"{call}: {Describe(number)}");
    }

    /// <summary>An exception of .NET in words, with the error number's name where there is one.</summary>
    /// <param name="error">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    public static string Describe(Exception error)
    {
        if (OperatingSystem.IsWindows() || error is NativeFileException)
        {
            return error.Message;
        }

        // Three of .NET's exceptions have a number of their own, and a message with the path in it.
        switch (error)
        {
            case FileNotFoundException or DirectoryNotFoundException:
                return Describe(2);
            case PathTooLongException:
                return "ENAMETOOLONG (File name too long)";
        }

        // On Unix an IOException keeps the errno as its HResult; UnauthorizedAccessException keeps the cause inside.
        int number = error.InnerException?.HResult ?? error.HResult;
        return number is > 0 and < 200 ? Describe(number) : error.Message;
    }

    private static string Describe(int number)
    {
        string text = OperatingSystem.IsWindows() ? new Win32Exception(number).Message : Marshal.GetPInvokeErrorMessage(number);
        return !OperatingSystem.IsWindows() && Names.TryGetValue(number, out string? name) ? $"{name} ({text})" : text;
    }
}

/// <summary>A call of the native layer failed.</summary>
/// <param name="number">The error number of the operating system.</param>
/// <param name="message">The call and the error in words.</param>
internal sealed class NativeFileException(int number, string message) : IOException(message)
{
    /// <summary>The error number of the operating system.</summary>
    public int Number { get; } = number;
}
