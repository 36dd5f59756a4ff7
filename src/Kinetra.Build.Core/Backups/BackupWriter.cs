using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Backups;

/// <summary>Writes the bytes of a backup, plain or encrypted, and reads them back.</summary>
internal static class BackupWriter
{
    /// <summary>Copies a file into a backup.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The file as the manifest knows it.</param>
    /// <param name="sequence">The backup's sequence number.</param>
    /// <param name="key">Encrypts it; null for a plain copy.</param>
    /// <param name="copy">Gets the bytes.</param>
    /// <returns>The digests of the content and of the bytes that were written, and the file's mode.</returns>
    /// <exception cref="KinetraException">As of <see cref="StableFile"/>.</exception>
    /// <exception cref="IOException">It could not be written, or reads back differently.</exception>
    public static (string Sha256, string Stored, UnixFileMode Mode) Write(FilePath file, string path, long sequence, SecretKey? key, TemporaryFile copy) =>
        StableFile.Read(file, (from, status) =>
        {
            copy.Restart();
            if (key is null)
            {
                string sha256 = FileCopy.Copy(from, status, copy);
                return (sha256, sha256, status.Mode);
            }

            string content = Encrypt(from, status, path, sequence, key, copy);
            return (content, ReadBack(from, status, file, content, path, sequence, key, copy), status.Mode);
        });

    private static string Encrypt(SafeFileHandle from, FileStatus status, string path, long sequence, SecretKey key, TemporaryFile copy)
    {
        using BackgroundHash hash = new();
        using BackupEncryptor encryptor = new(key, path, sequence, copy.Append);
        for (long offset = 0; offset < status.Size;)
        {
            byte[] piece = hash.Rent();
            int count = NativeFile.Read(from, piece.AsSpan(0, (int)Math.Min(BackgroundHash.PieceSize, status.Size - offset)), offset);
            if (count == 0)
            {
                break;
            }

            encryptor.Append(piece.AsSpan(0, count));
            hash.Append(piece.AsMemory(0, count), piece);
            offset += count;
        }

        encryptor.Complete();
        return Convert.ToHexStringLower(hash.Finish());
    }

    /// <summary>Decrypts a new backup again, as that is what a restore will do.</summary>
    /// <param name="from">The file, open.</param>
    /// <param name="status">Its status when it was read.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="content">The digest of its content.</param>
    /// <param name="path">The file as the manifest knows it.</param>
    /// <param name="sequence">The backup's sequence number.</param>
    /// <param name="key">What it was encrypted with.</param>
    /// <param name="copy">The backup.</param>
    /// <returns>The digest of the backup's bytes.</returns>
    /// <exception cref="TemporaryFileException">It reads back differently.</exception>
    internal static string ReadBack(SafeFileHandle from, FileStatus status, FilePath file, string content, string path, long sequence, SecretKey key, TemporaryFile copy)
    {
        try
        {
            (string stored, string decrypted) = BackupReader.Digests(copy.Handle, copy.Length, output => new BackupDecryptor(key, path, sequence, file, output));
            return decrypted == content || !NativeFile.Status(from).IsSameVersion(status) ? stored : throw Different();
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptBackup or DiagnosticCodes.WrongKey)
        {
            // The copy has no name yet that says anything to the user; whoever asked for the backup names the file.
            throw Different(error);
        }
    }

    private static TemporaryFileException Different(Exception? inner = null) =>
        new("the encrypted copy reads back differently from what was written; check the disk", inner);
}
