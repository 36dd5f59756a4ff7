using System.Buffers.Binary;
using System.Security.Cryptography;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// The first 104 bytes of an encrypted backup; <c>docs/encrypted-backups.md</c> has the table. It is proved before anything
/// is decrypted, by an HMAC under a key of its own.
/// </summary>
internal sealed class BackupHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = AuthenticatorAt + SHA256.HashSizeInBytes;

    private const int VersionAt = 7;
    private const int AlgorithmAt = 8;
    private const int ChunkSizeAt = 12;
    private const int PassphraseSaltAt = 16;
    private const int FileSaltAt = 32;
    private const int KeyIdAt = 64;
    private const int AuthenticatorAt = 72;

    private const byte Version = 1;
    private const uint Aes256GcmStream = 1;

    private const string KeyIdPurpose = "Kinetra.Build backup 1 key id";
    private const string HeaderPurpose = "Kinetra.Build backup 1 header";

    private readonly byte[] _bytes;

    private BackupHeader(byte[] bytes) => _bytes = bytes;

    /// <summary>The header as it is in the backup.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What a passphrase is stretched with; all zero for a key of random bytes.</summary>
    public ReadOnlySpan<byte> PassphraseSalt => _bytes.AsSpan(PassphraseSaltAt..FileSaltAt);

    /// <summary>Random in each backup, so that no two have a key in common.</summary>
    public ReadOnlySpan<byte> FileSalt => _bytes.AsSpan(FileSaltAt..KeyIdAt);

    private ReadOnlySpan<byte> KeyId => _bytes.AsSpan(KeyIdAt..AuthenticatorAt);

    // The first byte occurs in no UTF-8 text, and the rest can be read in a dump.
    private static ReadOnlySpan<byte> Magic => [0x8b, (byte)'K', (byte)'I', (byte)'N', (byte)'B', (byte)'A', (byte)'K'];

    /// <summary>Whether a file is an encrypted backup, of this release or a newer one.</summary>
    /// <param name="start">The file's first bytes; 8 are enough.</param>
    public static bool IsEncrypted(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Makes the header of a new backup.</summary>
    /// <param name="key">The key.</param>
    public static BackupHeader Create(SecretKey key)
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        bytes[VersionAt] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(AlgorithmAt), Aes256GcmStream);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChunkSizeAt), BackupCipher.ChunkSize);
        key.PassphraseSalt.CopyTo(bytes.AsSpan(PassphraseSaltAt));
        RandomNumberGenerator.Fill(bytes.AsSpan(FileSaltAt..KeyIdAt));
        BackupHeader header = new(bytes);
        key.Derive(header.PassphraseSalt, [], KeyIdPurpose, bytes.AsSpan(KeyIdAt..AuthenticatorAt));
        header.Authenticate(key, bytes.AsSpan(AuthenticatorAt));
        return header;
    }

    /// <summary>Reads and proves the header of a backup.</summary>
    /// <param name="bytes">The backup's first <see cref="Size"/> bytes.</param>
    /// <param name="key">The key.</param>
    /// <param name="backup">The backup, for messages.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptBackup"/> or <see cref="DiagnosticCodes.WrongKey"/>.</exception>
    public static BackupHeader Read(ReadOnlySpan<byte> bytes, SecretKey key, FilePath backup)
    {
        if (!IsEncrypted(bytes))
        {
            throw Corrupt(backup, "it does not begin as an encrypted backup does");
        }

        BackupHeader header = new(bytes.ToArray());
        header.RefuseOtherForms(backup);
        header.RefuseOtherKeys(key, backup);

        Span<byte> authenticator = stackalloc byte[SHA256.HashSizeInBytes];
        header.Authenticate(key, authenticator);
        return CryptographicOperations.FixedTimeEquals(authenticator, bytes[AuthenticatorAt..])
            ? header
            : throw Corrupt(backup, "its header was changed");
    }

    /// <summary>The error for a backup that is not as it was made. What that means for a restore, or a drill, is added by <see cref="BackupReader"/>.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="what">What is wrong with it.</param>
    public static KinetraException Corrupt(FilePath backup, string what) =>
        new(DiagnosticCodes.CorruptBackup, $"The backup {backup} is damaged: {what}.");

    private void RefuseOtherForms(FilePath backup)
    {
        uint algorithm = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(AlgorithmAt));
        uint chunkSize = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(ChunkSizeAt));
        if ((_bytes[VersionAt], algorithm, chunkSize) != (Version, Aes256GcmStream, BackupCipher.ChunkSize))
        {
            throw new KinetraException(
                DiagnosticCodes.CorruptBackup,
                $"The backup {backup} was made by a newer release, or is damaged: its form is version {_bytes[VersionAt]}, algorithm {algorithm}, chunks of {chunkSize} bytes; this release reads {Version}, {Aes256GcmStream}, {BackupCipher.ChunkSize}. If it is sound, the release that made it reads it.");
        }
    }

    private void RefuseOtherKeys(SecretKey key, FilePath backup)
    {
        bool fromPassphrase = PassphraseSalt.ContainsAnyExcept((byte)0);
        if (fromPassphrase != key.IsPassphrase)
        {
            throw WrongKey(key, backup, fromPassphrase ? "it was made with a passphrase, not with a key of random bytes" : "it was made with a key of random bytes, not with a passphrase");
        }

        Span<byte> id = stackalloc byte[KeyId.Length];
        key.Derive(PassphraseSalt, [], KeyIdPurpose, id);
        if (!id.SequenceEqual(KeyId))
        {
            throw WrongKey(key, backup, $"its key has the id {Convert.ToHexStringLower(KeyId)}, this one {Convert.ToHexStringLower(id)}");
        }
    }

    private static KinetraException WrongKey(SecretKey key, FilePath backup, string why) =>
        new(DiagnosticCodes.WrongKey, $"The backup {backup} cannot be decrypted with the key in {key.Variable} ({key.Setting}): {why}. Set {key.Variable} to the key that the backup was made with.");

    private void Authenticate(SecretKey key, Span<byte> authenticator)
    {
        Span<byte> own = stackalloc byte[SecretKey.Size];
        key.Derive(PassphraseSalt, FileSalt, HeaderPurpose, own);
        HMACSHA256.HashData(own, _bytes.AsSpan(..AuthenticatorAt), authenticator);
        CryptographicOperations.ZeroMemory(own);
    }
}
