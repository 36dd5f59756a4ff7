using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>
/// The format of docs/encrypted-backups.md once more, written down from that page and with nothing of the product in it. HKDF
/// is spelled out from RFC 5869. The salts are arguments, so that a backup can be made the same again.
/// </summary>
internal static class BackupByTheBook
{
    private const int Chunk = 65536;

    public static byte[] Encrypt(byte[] content, byte[] master, byte[] passphraseSalt, byte[] fileSalt, string file, long sequence)
    {
        byte[] start =
        [
            0x8b, 0x4b, 0x49, 0x4e, 0x42, 0x41, 0x4b, 1,
            0, 0, 0, 1,
            0, 1, 0, 0,
            .. passphraseSalt,
            .. fileSalt,
            .. Hkdf(master, [], "Kinetra.Build backup 1 key id", 8),
        ];
        byte[] header = [.. start, .. HMACSHA256.HashData(Hkdf(master, fileSalt, "Kinetra.Build backup 1 header", 32), start)];

        using AesGcm aes = new(Hkdf(master, fileSalt, "Kinetra.Build backup 1 content", 32), 16);
        using MemoryStream backup = new();
        backup.Write(header);
        int chunks = Math.Max(1, (content.Length + Chunk - 1) / Chunk);
        for (int i = 0; i < chunks; i++)
        {
            ReadOnlySpan<byte> plain = content.AsSpan(i * Chunk, Math.Min(Chunk, content.Length - (i * Chunk)));
            byte[] cipher = new byte[plain.Length];
            byte[] tag = new byte[16];
            aes.Encrypt(Nonce(i, i == chunks - 1), plain, cipher, tag, Associated(header, sequence, file));
            backup.Write(cipher);
            backup.Write(tag);
        }

        return backup.ToArray();
    }

    public static byte[] Decrypt(byte[] backup, Func<byte[], byte[]> masterOf, string file, long sequence)
    {
        byte[] header = backup[..104];
        byte[] master = masterOf(header[16..32]);
        byte[] fileSalt = header[32..64];
        Require(Convert.ToHexString(header[..16]) == "8B4B494E42414B010000000100010000", "form");
        Require(header[64..72].SequenceEqual(Hkdf(master, [], "Kinetra.Build backup 1 key id", 8)), "key id");
        Require(header[72..].SequenceEqual(HMACSHA256.HashData(Hkdf(master, fileSalt, "Kinetra.Build backup 1 header", 32), header[..72])), "authenticator");

        using AesGcm aes = new(Hkdf(master, fileSalt, "Kinetra.Build backup 1 content", 32), 16);
        using MemoryStream content = new();
        int at = 104;
        for (int i = 0; i == 0 || at < backup.Length; i++)
        {
            int length = Math.Min(Chunk + 16, backup.Length - at);
            byte[] plain = new byte[length - 16];
            bool last = at + length == backup.Length;
            aes.Decrypt(Nonce(i, last), backup.AsSpan(at, length - 16), backup.AsSpan(at + length - 16, 16), plain, Associated(header, sequence, file));
            content.Write(plain);
            at += length;
        }

        return content.ToArray();
    }

    private static byte[] Nonce(int number, bool last)
    {
        byte[] nonce = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(nonce.AsSpan(7), number);
        nonce[11] = last ? (byte)1 : (byte)0;
        return nonce;
    }

    private static byte[] Associated(byte[] header, long sequence, string file)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        return SHA256.HashData([.. header, .. number, .. Encoding.UTF8.GetBytes(file)]);
    }

    // Extract, then expand; one block of the hash is as long as the longest of our keys.
    private static byte[] Hkdf(byte[] master, byte[] salt, string purpose, int length)
    {
        byte[] extracted = HMACSHA256.HashData(salt.Length == 0 ? new byte[32] : salt, master);
        byte[] info = [.. Encoding.ASCII.GetBytes(purpose), 1];
        return HMACSHA256.HashData(extracted, info)[..length];
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidDataException(what);
        }
    }
}
