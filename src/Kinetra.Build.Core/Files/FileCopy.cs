using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Copies a file's content: by sharing its blocks where the file system can, within the kernel where that can, else by
/// reading and writing. The copy is read back, compared with the original and hashed on another thread meanwhile, so that
/// the digest is that of what the copy holds.
/// </summary>
internal static class FileCopy
{
    private const int SmallFile = 256 * 1024;

    // Read back while it is in the processor's cache.
    private const int PieceSize = 1024 * 1024;

    /// <summary>Copies into an empty file.</summary>
    /// <param name="from">The file to copy.</param>
    /// <param name="status">Its status; so many bytes as it says are copied, or fewer if there are no more.</param>
    /// <param name="to">The copy.</param>
    /// <returns>The SHA-256 of the copy, in lower-case hex.</returns>
    /// <exception cref="TemporaryFileException">The copy could not be written, or reads back differently.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static string Copy(SafeFileHandle from, FileStatus status, TemporaryFile to)
    {
        if (status.Size > 0 && !OperatingSystem.IsWindows() && PosixFile.TryClone(from, to.Handle))
        {
            // One and the same blocks: nothing to compare.
            to.Written(NativeFile.Status(to.Handle).Size);
            return FileDigest.Compute(to.Handle, NativeFile.Status(to.Handle));
        }

        if (status.Size <= SmallFile)
        {
            return Small(from, status, to);
        }

        using BackgroundHash hash = new();
        bool inKernel = true;
        for (long offset = 0; offset < status.Size;)
        {
            long count = CopyPiece(from, to, offset, Math.Min(PieceSize, status.Size - offset), ref inKernel);
            if (count == 0)
            {
                break;
            }

            ReadBack(from, status, to.Handle, offset, count, hash);
            offset += count;
        }

        return Convert.ToHexStringLower(hash.Finish());
    }

    private static string Small(SafeFileHandle from, FileStatus status, TemporaryFile to)
    {
        int size = (int)status.Size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * size);
        Span<byte> original = buffer.AsSpan(0, NativeFile.ReadFully(from, buffer.AsSpan(0, size)));
        to.Append(original);
        Span<byte> copy = buffer.AsSpan(size, NativeFile.ReadFully(to.Handle, buffer.AsSpan(size, size)));
        bool same = copy.SequenceEqual(original);
        string digest = Convert.ToHexStringLower(SHA256.HashData(copy));
        Array.Clear(buffer, 0, 2 * size);
        ArrayPool<byte>.Shared.Return(buffer);
        return same ? digest : throw ReadsBackDifferently();
    }

    private static long CopyPiece(SafeFileHandle from, TemporaryFile to, long offset, long length, ref bool inKernel)
    {
        if (inKernel && !OperatingSystem.IsWindows())
        {
            if (PosixFile.TryCopyRange(from, to.Handle, offset, length) is { } copied)
            {
                to.Written(copied);
                return copied;
            }

            inKernel = false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BackgroundHash.PieceSize);
        int count = NativeFile.Read(from, buffer.AsSpan(0, (int)Math.Min(BackgroundHash.PieceSize, length)), offset);
        to.Append(buffer.AsSpan(0, count));
        Array.Clear(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        return count;
    }

    private static void ReadBack(SafeFileHandle from, FileStatus status, SafeFileHandle to, long offset, long count, BackgroundHash hash)
    {
        byte[] original = ArrayPool<byte>.Shared.Rent(BackgroundHash.PieceSize);
        for (long done = 0; done < count;)
        {
            int wanted = (int)Math.Min(BackgroundHash.PieceSize, count - done);
            byte[] copy = hash.Rent();
            int length = NativeFile.Read(to, copy.AsSpan(0, wanted), offset + done);
            int same = NativeFile.Read(from, original.AsSpan(0, length), offset + done);
            if (length == 0 || !copy.AsSpan(0, length).SequenceEqual(original.AsSpan(0, same)))
            {
                // Unless the original was changed meanwhile, which the reader of it notices too and begins anew.
                if (NativeFile.Status(from).IsSameVersion(status))
                {
                    throw ReadsBackDifferently();
                }

                break;
            }

            hash.Append(copy.AsMemory(0, length), copy);
            done += length;
        }

        Array.Clear(original);
        ArrayPool<byte>.Shared.Return(original);
    }

    private static TemporaryFileException ReadsBackDifferently() => new("the copy reads back differently from what was written; check the disk");
}
