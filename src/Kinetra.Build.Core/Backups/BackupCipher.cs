using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// The chunks of one encrypted backup, in their order: AES-256-GCM (NIST SP 800-38D) with a nonce that counts them and marks
/// the last one. This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015) in the shape of age: chunks that
/// are left out, doubled, swapped or cut off decrypt as little as changed ones. For one thread, in one direction.
/// </summary>
internal sealed class BackupCipher : IDisposable
{
    /// <summary>Bytes of content in a chunk; only the last one may have fewer.</summary>
    public const int ChunkSize = 64 * 1024;

    /// <summary>Bytes behind the content of each chunk, which prove it.</summary>
    public const int TagSize = 16;

    /// <summary>Chunks in a backup, at the most: what SP 800-38D (8.3) allows one key whatever its nonces are. That is 256 TiB.</summary>
    public const long MaxChunks = 1L << 32;

    private const string ContentPurpose = "Kinetra.Build backup 1 content";

    private readonly AesGcm _aes;
    private readonly byte[] _associated;
    private readonly byte[] _nonce = new byte[12];
    private long _next;

    /// <summary>Prepares the chunks of a backup.</summary>
    /// <param name="key">The key.</param>
    /// <param name="header">The backup's header.</param>
    /// <param name="file">The file that is backed up: its path relative to the project, with forward slashes.</param>
    /// <param name="sequence">The backup's sequence number.</param>
    /// <param name="first">The number of the next chunk; anything but 0 is for tests.</param>
    public BackupCipher(SecretKey key, BackupHeader header, string file, long sequence, long first = 0)
    {
        Span<byte> content = stackalloc byte[SecretKey.Size];
        key.Derive(header.PassphraseSalt, header.FileSalt, ContentPurpose, content);
        _aes = new AesGcm(content, TagSize);
        CryptographicOperations.ZeroMemory(content);
        _associated = Associated(header, file, sequence);
        _next = first;
    }

    /// <summary>The size of a backup, header included.</summary>
    /// <param name="content">The size of its content, in bytes.</param>
    public static long SizeOf(long content) => BackupHeader.Size + content + (TagSize * Math.Max(1, (content + ChunkSize - 1) / ChunkSize));

    /// <summary>The number of the next chunk, from 0.</summary>
    public long Next => _next;

    /// <summary>Encrypts the next chunk.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="last">Whether it is the last one.</param>
    /// <param name="chunk">Gets the encrypted content and, behind it, the tag.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.BackupFailed"/>: more than <see cref="MaxChunks"/>.</exception>
    public void Encrypt(ReadOnlySpan<byte> content, bool last, Span<byte> chunk)
    {
        if (_next == MaxChunks)
        {
            throw new KinetraException(DiagnosticCodes.BackupFailed, $"An encrypted backup holds at most {MaxChunks * ChunkSize >> 40} TiB. Back the file up in parts, or without a key.");
        }

        AdvanceNonce(last);
        _aes.Encrypt(_nonce, content, chunk[..content.Length], chunk[content.Length..], _associated);
    }

    /// <summary>Decrypts the next chunk.</summary>
    /// <param name="chunk">The encrypted content and, behind it, the tag: <see cref="TagSize"/> bytes or more.</param>
    /// <param name="last">Whether it has to be the last one.</param>
    /// <param name="content">Gets the content; all zero if it is not proved.</param>
    /// <returns>Whether the chunk is the one that was encrypted here.</returns>
    public bool TryDecrypt(ReadOnlySpan<byte> chunk, bool last, Span<byte> content)
    {
        if (_next == MaxChunks)
        {
            return false;
        }

        AdvanceNonce(last);
        try
        {
            _aes.Decrypt(_nonce, chunk[..content.Length], chunk[content.Length..], content, _associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _aes.Dispose();

    // 11 bytes of number, most significant first, of which the first three stay zero, and 1 of flag. The number moves on
    // before the nonce is used: whatever fails, no nonce is ever used twice.
    private void AdvanceNonce(bool last)
    {
        BinaryPrimitives.WriteInt64BigEndian(_nonce.AsSpan(3), _next++);
        _nonce[^1] = last ? (byte)1 : (byte)0;
    }

    // One short digest for all chunks, whatever the length of the path. Nothing can move from one part to the other: header
    // and number have a fixed length, and the path is the rest.
    private static byte[] Associated(BackupHeader header, string file, long sequence)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header.Bytes);
        hash.AppendData(number);
        hash.AppendData(Encoding.UTF8.GetBytes(file));
        return hash.GetHashAndReset();
    }
}
