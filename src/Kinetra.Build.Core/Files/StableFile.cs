using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>Reads files as one single version: a file that changes while it is read is read again, three times at most.</summary>
internal static class StableFile
{
    private const int Tries = 3;

    /// <summary>Reads a regular file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="read">Reads as many bytes as the status says, or fewer if there are no more; may be called again, and then begins anew.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileMissing"/>, <see cref="DiagnosticCodes.UnusablePath"/> (a directory or a device) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    /// <exception cref="TemporaryFileException">What <paramref name="read"/> copies into could not be written.</exception>
    public static T Read<T>(FilePath file, Func<SafeFileHandle, FileStatus, T> read)
    {
        try
        {
            for (int attempt = 1; attempt <= Tries; attempt++)
            {
                using SafeFileHandle handle = Open(file, out FileStatus status);
                T result = read(handle, status);
                if (NativeFile.Status(handle).IsSameVersion(status) && HasItsSize(handle, status))
                {
                    return result;
                }
            }
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException or NativeFileException { Number: Errno.NotFound or Errno.NotDirectory })
        {
            throw new KinetraException(DiagnosticCodes.FileMissing, $"{file} does not exist.", error);
        }
        catch (Exception error) when (error is (IOException and not TemporaryFileException) or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }

        throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} keeps changing while it is read, or does not tell its size ({Tries} tries). Stop what writes to it, or copy it first.");
    }

    // Files that the kernel makes up as they are read, as those in /proc, say that they are empty.
    private static bool HasItsSize(SafeFileHandle handle, FileStatus status)
    {
        Span<byte> one = stackalloc byte[1];
        return status.Size > 0 || NativeFile.Read(handle, one, 0) == 0;
    }

    private static SafeFileHandle Open(FilePath file, out FileStatus status)
    {
        // On Windows a directory cannot be opened to be looked at.
        if (OperatingSystem.IsWindows())
        {
            TargetFile.RefuseUnlessRegular(file);
        }

        SafeFileHandle handle = NativeFile.OpenRead(file.Full);
        try
        {
            status = NativeFile.Status(handle);
            TargetFile.Refuse(file, status.Kind);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
