using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>Reads files as one single version: a file that changes while it is read is read again, three times at most.</summary>
internal static class StableFile
{
    private const int BufferSize = 256 * 1024;
    private const int Tries = 3;

    /// <summary>Reads a file to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="restart">Called before each try: forget what has come.</param>
    /// <param name="next">Gets the content, piece by piece.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileMissing"/>, <see cref="DiagnosticCodes.UnusablePath"/> (a directory or a device) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    public static void Read(FilePath file, Action restart, Action<ReadOnlySpan<byte>> next)
    {
        try
        {
            for (int attempt = 1; attempt <= Tries; attempt++)
            {
                restart();
                if (TryRead(file, next))
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KinetraException(DiagnosticCodes.FileMissing, $"{file} does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }

        throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} keeps changing while it is read ({Tries} tries). Stop what writes to it, or copy it first.");
    }

    private static bool TryRead(FilePath file, Action<ReadOnlySpan<byte>> next)
    {
        TargetFile.RefuseUnlessRegular(file);
        using SafeFileHandle handle = NativeFile.OpenRead(file.Full);
        long length = RandomAccess.GetLength(handle);
        DateTime modified = File.GetLastWriteTimeUtc(handle);

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long offset = 0;
        try
        {
            for (int count; offset <= length && (count = RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), offset)) > 0; offset += count)
            {
                next(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return offset == length && RandomAccess.GetLength(handle) == length && File.GetLastWriteTimeUtc(handle) == modified;
    }
}
