using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>SHA-256 of files, as 64 lower-case hexadecimal digits.</summary>
public static class FileDigest
{
    private const int BufferSize = 256 * 1024;
    private const int Tries = 3;

    /// <summary>Computes the digest of a file. A file that changes meanwhile is read again, three times at most.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.FileMissing"/>, <see cref="DiagnosticCodes.UnusablePath"/> (a directory or a device) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    public static string Compute(FilePath file) => Read(file, output: null).Sha256;

    /// <summary>Computes the digest of a file while copying its content. The copy is of one single version of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="output">Where the content goes: emptied and filled again if the file changes meanwhile.</param>
    /// <returns>The digest and the size in bytes.</returns>
    /// <exception cref="KinetraException">As for <see cref="Compute"/>.</exception>
    internal static (string Sha256, long Size) Read(FilePath file, Stream? output)
    {
        try
        {
            for (int attempt = 1; attempt <= Tries; attempt++)
            {
                output?.SetLength(0);
                if (TryRead(file, output) is { } read)
                {
                    return read;
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

    private static (string Sha256, long Size)? TryRead(FilePath file, Stream? output)
    {
        TargetFile.RefuseUnlessRegular(file);
        using SafeFileHandle handle = NativeFile.OpenRead(file.Full);
        long length = RandomAccess.GetLength(handle);
        DateTime modified = File.GetLastWriteTimeUtc(handle);

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long offset = 0;
        try
        {
            for (int count; offset <= length && (count = RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), offset)) > 0; offset += count)
            {
                hash.AppendData(buffer, 0, count);
                output?.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        bool unchanged = offset == length && RandomAccess.GetLength(handle) == length && File.GetLastWriteTimeUtc(handle) == modified;
        return unchanged ? (Convert.ToHexStringLower(hash.GetHashAndReset()), length) : null;
    }
}
