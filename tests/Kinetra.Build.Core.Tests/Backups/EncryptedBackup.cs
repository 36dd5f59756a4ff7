using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>Encrypts and decrypts in one go, or in pieces, for tests.</summary>
internal static class EncryptedBackup
{
    public const string Name = "app.json.20261123_061538.bak";
    public const string File = "config/app.json";
    public const long Sequence = 7;

    /// <summary>32 bytes: 0, 1, 2 … 31.</summary>
    public const string KeyText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static readonly SecretKey Key = Parse(KeyText);

    public static readonly SecretKey OtherKey = Parse("HxwdHhscGRoZFhcUFRITEBEODwwNCgsICQYHBAUCAwA=");

    public static SecretKey Parse(string text) => SecretKey.Parse("KinetraBackupKeyVariable", "KINETRA_KEY", text);

    public static byte[] Random(int length, int seed = 1)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    public static byte[] Encrypt(byte[] content, SecretKey? key = null, Func<int>? piece = null)
    {
        using MemoryStream backup = new();
        using BackupEncryptor encryptor = new(key ?? Key, File, Sequence, bytes => backup.Write(bytes));
        InPieces(content, piece, encryptor.Append);
        encryptor.Complete();
        return backup.ToArray();
    }

    public static byte[] Decrypt(byte[] backup, SecretKey? key = null, string file = File, long sequence = Sequence, Func<int>? piece = null)
    {
        using MemoryStream content = new();
        TryDecrypt(backup, key ?? Key, file, sequence, content, piece);
        return content.ToArray();
    }

    /// <summary>Decrypts into a stream, which shows what was handed on before an error.</summary>
    public static void TryDecrypt(byte[] backup, SecretKey key, string file, long sequence, MemoryStream content, Func<int>? piece = null)
    {
        using BackupDecryptor decryptor = new(key, file, sequence, new FilePath("/project/" + Name, Name), bytes => content.Write(bytes));
        InPieces(backup, piece, decryptor.Append);
        decryptor.Complete();
    }

    public static KinetraException Refused(string code, byte[] backup, SecretKey? key = null)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Decrypt(backup, key));
        Assert.Equal(code, error.Code);
        Assert.Contains(Name, error.Message);
        return error;
    }

    private delegate void Append(ReadOnlySpan<byte> piece);

    private static void InPieces(byte[] bytes, Func<int>? piece, Append append)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(piece?.Invoke() ?? bytes.Length, bytes.Length - at);
            append(bytes.AsSpan(at, length));
            at += length;
        }
    }
}
