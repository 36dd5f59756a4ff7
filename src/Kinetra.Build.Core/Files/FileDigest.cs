using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>SHA-256 of files, as 64 lower-case hexadecimal digits.</summary>
public static class FileDigest
{
    // Up to here one reading into one buffer is faster than a second thread.
    private const int SmallFile = 256 * 1024;

    /// <summary>Computes the digest of a file. A file that changes meanwhile is read again, three times at most.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileMissing"/>, <see cref="DiagnosticCodes.UnusablePath"/> (a directory or a device) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    public static string Compute(FilePath file) => StableFile.Read(file, Compute);

    /// <summary>The digest of so many bytes of an open file as its status says.</summary>
    internal static string Compute(SafeFileHandle handle, FileStatus status) =>
        Convert.ToHexStringLower(status.Size <= SmallFile ? Small(handle, (int)status.Size) : Large(handle, status.Size));

    private static byte[] Small(SafeFileHandle handle, int size)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return SHA256.HashData(buffer.AsSpan(0, NativeFile.ReadFully(handle, buffer.AsSpan(0, size))));
        }
        finally
        {
            Array.Clear(buffer, 0, size);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Large(SafeFileHandle handle, long size)
    {
        using BackgroundHash hash = new();
        for (long offset = 0; offset < size;)
        {
            byte[] piece = hash.Rent();
            int count = NativeFile.Read(handle, piece.AsSpan(0, (int)Math.Min(BackgroundHash.PieceSize, size - offset)), offset);
            if (count == 0)
            {
                break;
            }

            hash.Append(piece.AsMemory(0, count), piece);
            offset += count;
        }

        return hash.Finish();
    }
}
