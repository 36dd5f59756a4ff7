using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Backups;

/// <summary>Reads backups, plain or encrypted, and proves that they are what the manifest says.</summary>
internal static class BackupReader
{
    /// <summary>Reads a backup into a new version of a file, which is not to be committed unless this returns.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="record">What the manifest says of it.</param>
    /// <param name="key">Decrypts it; null if there is none.</param>
    /// <param name="into">Gets the content, and is sealed.</param>
    /// <returns>The SHA-256 of the content, in lower-case hex.</returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CorruptBackup"/>, <see cref="DiagnosticCodes.WrongKey"/>, <see cref="DiagnosticCodes.KeyNeeded"/>,
    /// <see cref="DiagnosticCodes.FileUnreadable"/> or <see cref="DiagnosticCodes.WriteFailed"/>.
    /// </exception>
    public static string Restore(FilePath backup, BackupRecord record, SecretKey? key, AtomicFile into) => Found(backup, " Nothing was restored", "; restore another one (RestoreBackup with Backup or At).", () =>
    {
        if (!record.Encrypted)
        {
            into.CopyFrom(backup);
            string sha256 = into.Seal();
            return sha256 == record.Sha256 ? sha256 : throw Damaged(backup);
        }

        Decrypt(backup, record, Needed(backup, key), into.Restart, into.Append);
        return into.Seal();
    });

    /// <summary>Reads a backup to its end.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="record">What the manifest says of it.</param>
    /// <param name="key">Decrypts it; null if there is none.</param>
    /// <exception cref="KinetraException">As for <see cref="Restore"/>.</exception>
    public static void Verify(FilePath backup, BackupRecord record, SecretKey? key) => Found(backup, "", " It cannot be restored: make a new one (BackupFile), and see whether the disk is sound.", () =>
    {
        if (record.Encrypted)
        {
            Decrypt(backup, record, Needed(backup, key), () => { }, _ => { });
        }
        else if (FileDigest.Compute(backup) != record.Sha256)
        {
            throw Damaged(backup);
        }

        return true;
    });

    /// <summary>The digest of an open encrypted backup's bytes, and the one of its content.</summary>
    public static (string Stored, string Content) Digests(SafeFileHandle file, long size, Func<Action<ReadOnlySpan<byte>>, BackupDecryptor> decryption)
    {
        using IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using BackupDecryptor decryptor = decryption(content.AppendData);
        string stored = Pass(file, size, decryptor);
        return (stored, Convert.ToHexStringLower(content.GetHashAndReset()));
    }

    private static void Decrypt(FilePath backup, BackupRecord record, SecretKey key, Action restart, Action<ReadOnlySpan<byte>> output)
    {
        string stored = StableFile.Read(backup, (file, status) =>
        {
            restart();
            using BackupDecryptor decryptor = new(key, record.File, record.Sequence, backup, output);
            return Pass(file, status.Size, decryptor);
        });
        if (stored != record.Sha256)
        {
            throw Damaged(backup);
        }
    }

    private static string Pass(SafeFileHandle file, long size, BackupDecryptor decryptor)
    {
        using BackgroundHash hash = new();
        for (long offset = 0; offset < size;)
        {
            byte[] piece = hash.Rent();
            int count = NativeFile.Read(file, piece.AsSpan(0, (int)Math.Min(BackgroundHash.PieceSize, size - offset)), offset);
            if (count == 0)
            {
                break;
            }

            decryptor.Append(piece.AsSpan(0, count));
            hash.Append(piece.AsMemory(0, count), piece);
            offset += count;
        }

        decryptor.Complete();
        return Convert.ToHexStringLower(hash.Finish());
    }

    // The error says what is wrong with the backup; what that means, and what to do, depends on what was asked for.
    private static T Found<T>(FilePath backup, string outcome, string another, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.FileMissing or DiagnosticCodes.UnusablePath)
        {
            throw new KinetraException(DiagnosticCodes.CorruptBackup, $"The backup {backup} is listed, but gone or no file.{outcome}{another}", error);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptBackup)
        {
            throw new KinetraException(error.Code, $"{error.Message}{outcome}{another}", error);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WrongKey && outcome.Length > 0)
        {
            throw new KinetraException(error.Code, $"{error.Message}{outcome}.", error);
        }
    }

    private static SecretKey Needed(FilePath backup, SecretKey? key) =>
        key ?? throw new KinetraException(DiagnosticCodes.KeyNeeded, $"The backup {backup} is encrypted, and there is no key. Name the environment variable that holds it: -p:KinetraBackupKeyVariable=KINETRA_BACKUP_KEY");

    private static KinetraException Damaged(FilePath backup) =>
        new(DiagnosticCodes.CorruptBackup, $"The backup {backup} is damaged: its content does not match the digest in the manifest.");
}
