using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

public sealed class BackupEncryptionTests
{
    private const int Chunk = 65536;
    private const int Header = 104;
    private const int Tag = 16;

    private static readonly byte[] Master = Convert.FromBase64String(EncryptedBackup.KeyText);

    public static TheoryData<int> Sizes =>
        [0, 1, 15, 16, 17, Chunk - 1, Chunk, Chunk + 1, (2 * Chunk) - 1, 2 * Chunk, (2 * Chunk) + 1, 3 * Chunk, (3 * Chunk) + 1, (5 * Chunk) + 777];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_is_encrypted_in_any_pieces_is_decrypted_in_any_pieces(int size)
    {
        byte[] content = EncryptedBackup.Random(size);
        Random random = new(size);
        Func<int>[] pieces = [() => int.MaxValue, () => random.Next(1, 3 * Chunk), () => random.Next(1, 999), () => Chunk, () => Chunk + Tag, () => Chunk + 1];
        foreach (Func<int> write in pieces)
        {
            byte[] backup = EncryptedBackup.Encrypt(content, piece: write);
            Assert.Equal(Header + size + (Tag * Math.Max(1, (size + Chunk - 1) / Chunk)), backup.Length);
            Assert.All(pieces, read => Assert.True(content.AsSpan().SequenceEqual(EncryptedBackup.Decrypt(backup, piece: read))));
        }
    }

    [Fact]
    public void Any_content_in_any_pieces_comes_back() =>
        Gen.Select(Gen.Int[0, 4 * Chunk], Gen.Int[0, int.MaxValue], Gen.Int[1, 2 * Chunk], Gen.Int[1, 2 * Chunk]).Sample(
            (size, seed, write, read) =>
            {
                byte[] content = EncryptedBackup.Random(size, seed);
                Random random = new(seed);
                byte[] backup = EncryptedBackup.Encrypt(content, piece: () => random.Next(1, write + 1));
                return content.AsSpan().SequenceEqual(EncryptedBackup.Decrypt(backup, piece: () => random.Next(1, read + 1)));
            },
            iter: 500);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_form_is_the_documented_one(int size)
    {
        byte[] content = EncryptedBackup.Random(size);
        byte[] backup = EncryptedBackup.Encrypt(content);
        Assert.Equal(content, BackupByTheBook.Decrypt(backup, _ => Master, EncryptedBackup.File, EncryptedBackup.Sequence));

        byte[] again = BackupByTheBook.Encrypt(content, Master, new byte[16], backup[32..64], EncryptedBackup.File, EncryptedBackup.Sequence);
        Assert.True(backup.AsSpan().SequenceEqual(again));
    }

    [Fact]
    public void The_form_with_a_passphrase_is_the_documented_one()
    {
        byte[] content = EncryptedBackup.Random(100);
        byte[] backup = EncryptedBackup.Encrypt(content, EncryptedBackup.Parse("passphrase:correct horse battery staple"));
        Assert.Equal(content, BackupByTheBook.Decrypt(backup, Stretch, EncryptedBackup.File, EncryptedBackup.Sequence));
        Assert.Equal(content, EncryptedBackup.Decrypt(backup, EncryptedBackup.Parse("passphrase:correct horse battery staple\n")));

        static byte[] Stretch(byte[] salt) => Rfc2898DeriveBytes.Pbkdf2("correct horse battery staple", salt, 600_000, HashAlgorithmName.SHA256, 32);
    }

    [Fact]
    public void A_path_in_any_script_is_bound_as_UTF_8()
    {
        using MemoryStream backup = new();
        using BackupEncryptor encryptor = new(EncryptedBackup.Key, "données/价格.csv", long.MaxValue, bytes => backup.Write(bytes));
        encryptor.Append("1;2"u8);
        encryptor.Complete();
        Assert.Equal("1;2"u8, BackupByTheBook.Decrypt(backup.ToArray(), _ => Master, "données/价格.csv", long.MaxValue));
        Assert.Equal("1;2"u8, EncryptedBackup.Decrypt(backup.ToArray(), file: "données/价格.csv", sequence: long.MaxValue));
    }

    [Fact]
    public void The_same_content_never_looks_the_same_twice()
    {
        byte[] content = new byte[1000];
        byte[] one = EncryptedBackup.Encrypt(content);
        byte[] two = EncryptedBackup.Encrypt(content);
        Assert.NotEqual(one[32..64], two[32..64]);
        Assert.NotEqual(one[Header..], two[Header..]);
        Assert.Equal(one[64..72], two[64..72]);
    }

    [Fact]
    public void Nothing_of_the_content_is_to_be_seen()
    {
        byte[] content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("API_TOKEN=", 20_000)));
        Assert.Equal(-1, EncryptedBackup.Encrypt(content).AsSpan().IndexOf("API_"u8));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("8b4b494e4241", false)]
    [InlineData("8b4b494e42414b", true)]
    [InlineData("8b4b494e42414b01", true)]
    [InlineData("8b4b494e42414b02ff", true)]
    [InlineData("0b4b494e42414b01", false)]
    [InlineData("8b4b494e42414c01", false)]
    public void An_encrypted_backup_is_known_by_its_first_bytes(string start, bool encrypted) =>
        Assert.Equal(encrypted, BackupHeader.IsEncrypted(Convert.FromHexString(start)));

    [Fact]
    public void Nothing_is_handed_on_before_there_is_something_to_do()
    {
        using BackupEncryptor encryptor = new(EncryptedBackup.Key, "a", 1, _ => Assert.Fail("handed on"));
    }

    [Fact]
    public void After_its_end_an_encryptor_cannot_be_used()
    {
        BackupEncryptor encryptor = new(EncryptedBackup.Key, "a", 1, _ => { });
        encryptor.Complete();
        Assert.Throws<InvalidOperationException>(() => encryptor.Append([1]));
        Assert.Throws<InvalidOperationException>(encryptor.Complete);
        encryptor.Dispose();
        encryptor.Dispose();
    }

    [Fact]
    public void After_an_error_of_the_writer_an_encryptor_cannot_be_completed()
    {
        using BackupEncryptor encryptor = new(EncryptedBackup.Key, "a", 1, _ => throw new IOException("full"));
        Assert.Throws<IOException>(() => encryptor.Append([1]));
        Assert.Throws<InvalidOperationException>(encryptor.Complete);
    }

    [Fact]
    public void After_an_error_a_decryptor_cannot_be_completed()
    {
        byte[] backup = EncryptedBackup.Encrypt(EncryptedBackup.Random(2 * Chunk));
        backup[Header] ^= 1;
        using BackupDecryptor decryptor = new(EncryptedBackup.Key, EncryptedBackup.File, EncryptedBackup.Sequence, new FilePath("/b", "b"), _ => Assert.Fail("handed on"));
        Assert.Throws<KinetraException>(() => decryptor.Append(backup));
        Assert.Throws<InvalidOperationException>(decryptor.Complete);
        Assert.Throws<InvalidOperationException>(() => decryptor.Append(backup));
    }

    [Fact]
    public void After_an_error_of_the_writer_a_decryptor_cannot_be_completed()
    {
        byte[] backup = EncryptedBackup.Encrypt(EncryptedBackup.Random(2 * Chunk));
        using BackupDecryptor decryptor = new(EncryptedBackup.Key, EncryptedBackup.File, EncryptedBackup.Sequence, new FilePath("/b", "b"), _ => throw new IOException("full"));
        Assert.Throws<IOException>(() => decryptor.Append(backup));
        Assert.Throws<InvalidOperationException>(decryptor.Complete);
    }

    [Fact]
    public void The_number_of_chunks_has_an_end()
    {
        BackupHeader header = BackupHeader.Create(EncryptedBackup.Key);
        byte[] last = new byte[Tag + 1];
        byte[] behind = new byte[Tag + 1];
        using BackupCipher cipher = new(EncryptedBackup.Key, header, "a", 1, BackupCipher.MaxChunks - 1);
        cipher.Encrypt([1], last: false, last);
        KinetraException error = Assert.Throws<KinetraException>(() => cipher.Encrypt([1], last: true, behind));
        Assert.Equal(DiagnosticCodes.BackupFailed, error.Code);
        Assert.Contains("256 TiB", error.Message);

        using BackupCipher reader = new(EncryptedBackup.Key, header, "a", 1, BackupCipher.MaxChunks - 1);
        Assert.True(reader.TryDecrypt(last, last: false, new byte[1]));
        Assert.False(reader.TryDecrypt(last, last: false, new byte[1]));
    }

    [Fact]
    public void Memory_does_not_grow_with_the_content()
    {
        byte[] piece = EncryptedBackup.Random(300_000);
        long decrypted = 0;
        using BackupDecryptor decryptor = new(EncryptedBackup.Key, "a", 1, new FilePath("/b", "b"), bytes => decrypted += bytes.Length);
        using BackupEncryptor encryptor = new(EncryptedBackup.Key, "a", 1, bytes => decryptor.Append(bytes));
        encryptor.Append(piece);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            encryptor.Append(piece);
        }

        // Thirty million bytes went through; a few thousand may be allocated by the runtime.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        encryptor.Complete();
        decryptor.Complete();
        Assert.Equal(101 * 300_000, decrypted);
    }
}
