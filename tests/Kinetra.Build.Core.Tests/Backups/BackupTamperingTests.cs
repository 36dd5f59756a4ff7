using System.Security.Cryptography;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>
/// An encrypted backup of three chunks, changed in thousands of ways: each is refused, and what was handed on before is the
/// true beginning of the content and not all of it.
/// </summary>
public sealed class BackupTamperingTests
{
    private const int Header = 104;
    private const int Chunk = 65536 + 16;

    private static readonly byte[] Content = EncryptedBackup.Random((2 * 65536) + 1000);

    // With salts that stand still, so that the number of different tamperings does.
    private static readonly byte[] Backup = BackupByTheBook.Encrypt(Content, Convert.FromBase64String(EncryptedBackup.KeyText), new byte[16], EncryptedBackup.Random(32), EncryptedBackup.File, EncryptedBackup.Sequence);

    // Where the chunks begin, and the end.
    private static readonly int[] Borders = [Header, Header + Chunk, Header + (2 * Chunk), Backup.Length];

    private readonly HashSet<(string Sha256, string File, long Sequence, SecretKey Key)> _refused = [];

    [Fact]
    public void More_than_2_400_tamperings_are_refused()
    {
        Assert.Equal(Content, EncryptedBackup.Decrypt(Backup));

        CutAnywhere();
        FlipAnything();
        RearrangeChunks();
        AddAndRemoveBytes();
        MixWithAnotherBackup();
        UseForSomethingElse();

        Assert.Equal(2_719, _refused.Count);
    }

    [Fact]
    public void A_wrong_key_is_told_from_damage()
    {
        KinetraException error = EncryptedBackup.Refused(DiagnosticCodes.WrongKey, Backup, EncryptedBackup.OtherKey);
        Assert.Contains("KINETRA_KEY (KinetraBackupKeyVariable)", error.Message);
        Assert.Contains(Convert.ToHexStringLower(Backup.AsSpan(64..72)), error.Message);
        Assert.DoesNotContain(EncryptedBackup.KeyText, error.Message);

        // Damage further on does not matter to a wrong key, and damage is none of the key's.
        Assert.Equal(DiagnosticCodes.WrongKey, Code(Flipped(Backup.Length - 1, 1), EncryptedBackup.OtherKey));
        Assert.Equal(DiagnosticCodes.CorruptBackup, Code(Flipped(40, 1), EncryptedBackup.Key));
    }

    [Fact]
    public void A_key_of_the_other_kind_is_a_wrong_key()
    {
        SecretKey passphrase = EncryptedBackup.Parse("passphrase:correct horse battery staple");
        byte[] other = EncryptedBackup.Encrypt(Content, passphrase);
        Assert.Contains("random bytes, not with a passphrase", EncryptedBackup.Refused(DiagnosticCodes.WrongKey, Backup, passphrase).Message);
        Assert.Contains("passphrase, not with a key of random bytes", EncryptedBackup.Refused(DiagnosticCodes.WrongKey, other, EncryptedBackup.Key).Message);
        EncryptedBackup.Refused(DiagnosticCodes.WrongKey, other, EncryptedBackup.Parse("passphrase:correct horse battery stapler"));

        // Another salt makes another key of the same passphrase.
        other[16] ^= 1;
        EncryptedBackup.Refused(DiagnosticCodes.WrongKey, other, passphrase);
    }

    [Theory]
    [InlineData(7, 2, "version 2, algorithm 1, chunks of 65536 bytes")]
    [InlineData(11, 2, "version 1, algorithm 2, chunks of 65536 bytes")]
    [InlineData(13, 2, "version 1, algorithm 1, chunks of 131072 bytes")]
    public void Another_form_is_one_of_a_newer_release(int at, byte value, string form)
    {
        byte[] backup = [.. Backup];
        backup[at] = value;
        string message = EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, backup).Message;
        Assert.Contains("newer release", message);
        Assert.Contains(form, message);

        // It may have another way to say which key it needs.
        Assert.Equal(DiagnosticCodes.CorruptBackup, Code(backup, EncryptedBackup.OtherKey));
    }

    [Fact]
    public void The_message_says_where_the_damage_is()
    {
        Assert.Contains("its header was changed", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Flipped(50, 1)).Message);
        Assert.Contains($"or it is not backup 7 of {EncryptedBackup.File}", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Flipped(Header, 1)).Message);
        Assert.Contains($"at byte {Borders[1]} or behind it", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Flipped(Borders[1] + 500, 1)).Message);
        Assert.Contains($"at byte {Borders[2]} or behind it", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Backup[..^1]).Message);
        Assert.Contains("it is cut off", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Backup[..10]).Message);
        Assert.Contains("does not begin as", EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, Content).Message);
    }

    [Fact]
    public void An_empty_chunk_at_the_end_is_refused_though_the_key_made_it()
    {
        BackupHeader header = BackupHeader.Create(EncryptedBackup.Key);
        using BackupCipher cipher = new(EncryptedBackup.Key, header, EncryptedBackup.File, EncryptedBackup.Sequence);
        byte[] full = new byte[Chunk];
        byte[] empty = new byte[16];
        cipher.Encrypt(Content.AsSpan(..65536), last: false, full);
        cipher.Encrypt([], last: true, empty);
        KinetraException error = EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, [.. header.Bytes, .. full, .. empty]);
        Assert.Contains("an empty chunk is at its end", error.Message);
    }

    [Fact]
    public void A_short_chunk_before_the_end_is_refused_though_the_key_made_it()
    {
        BackupHeader header = BackupHeader.Create(EncryptedBackup.Key);
        using BackupCipher cipher = new(EncryptedBackup.Key, header, EncryptedBackup.File, EncryptedBackup.Sequence);
        byte[] first = new byte[1016];
        byte[] second = new byte[1016];
        cipher.Encrypt(Content.AsSpan(..1000), last: false, first);
        cipher.Encrypt(Content.AsSpan(..1000), last: true, second);
        EncryptedBackup.Refused(DiagnosticCodes.CorruptBackup, [.. header.Bytes, .. first, .. second]);
    }

    private void CutAnywhere()
    {
        // All of the header, both sides of each border, and all over the rest.
        IEnumerable<int> near = Borders.SelectMany(border => Enumerable.Range(border - 20, 40));
        IEnumerable<int> all = Enumerable.Range(0, Header).Concat(near).Concat(Enumerable.Range(0, Backup.Length / 331).Select(i => i * 331));
        foreach (int length in all.Where(length => length < Backup.Length).Distinct())
        {
            Refuse(Backup[..length]);
        }
    }

    private void FlipAnything()
    {
        // Each bit of the header: what names the key there makes it look like another one.
        for (int bit = 0; bit < 8 * Header; bit++)
        {
            int at = bit / 8;
            string code = at is >= 16 and < 32 or >= 64 and < 72 ? DiagnosticCodes.WrongKey : DiagnosticCodes.CorruptBackup;
            Assert.Equal(code, Refuse(Flipped(at, (byte)(1 << (bit % 8)))));
        }

        // Each byte of the tags, and all over the content.
        IEnumerable<int> tags = Borders[1..].SelectMany(border => Enumerable.Range(border - 16, 16));
        IEnumerable<int> content = Enumerable.Range(0, (Backup.Length - Header) / 151).Select(i => Header + (i * 151));
        foreach (int at in tags.Concat(content).Distinct())
        {
            Assert.Equal(DiagnosticCodes.CorruptBackup, Refuse(Flipped(at, (byte)(1 << (at % 8)))));
        }
    }

    private void RearrangeChunks()
    {
        // Every row of up to four of the chunks, but the right one: left out, doubled, swapped.
        byte[][] chunks = [.. Enumerable.Range(0, 3).Select(i => Backup[Borders[i]..Borders[i + 1]])];
        IEnumerable<int[]> rows = [[]];
        for (int length = 1; length <= 4; length++)
        {
            rows = [.. rows.SelectMany(row => Enumerable.Range(0, 3).Select(i => (int[])[.. row, i]))];
            foreach (int[] row in rows.Where(row => !row.SequenceEqual([0, 1, 2])))
            {
                Refuse([.. Backup[..Header], .. row.SelectMany(i => chunks[i])]);
            }
        }
    }

    private void AddAndRemoveBytes()
    {
        for (int length = 1; length <= 40; length++)
        {
            Refuse([.. Backup, .. new byte[length]]);
            Refuse([.. Backup, .. Backup[^length..]]);
            Refuse([.. new byte[length], .. Backup]);
            Refuse(Backup[length..]);
        }

        Refuse([.. Backup, .. Backup]);
        foreach (int border in Borders)
        {
            Refuse([.. Backup[..border], 0, .. Backup[border..]]);
            Refuse([.. Backup[..(border - 1)], .. Backup[border..]]);
        }
    }

    private void MixWithAnotherBackup()
    {
        // The same content, path, number and key: only the random salt is another one.
        byte[] other = EncryptedBackup.Encrypt(Content);
        Refuse([.. other[..Header], .. Backup[Header..]]);
        Refuse([.. Backup[..32], .. other[32..64], .. Backup[64..]]);
        for (int i = 0; i < 3; i++)
        {
            Refuse([.. Backup[..Borders[i]], .. other[Borders[i]..Borders[i + 1]], .. Backup[Borders[i + 1]..]]);
        }
    }

    private void UseForSomethingElse()
    {
        string[] files = ["", "config/app.jso", "config/app.json ", "config/app.jsonn", "config/app.json\0", "Config/app.json", @"config\app.json", "/config/app.json", "app.json", ".env"];
        Assert.All(files, file => Assert.Equal(DiagnosticCodes.CorruptBackup, Refuse(Backup, file: file)));
        long[] sequences = [0, 1, 6, 8, -7, 7 << 8, 7L << 32, 7L << 56, long.MaxValue, long.MinValue];
        Assert.All(sequences, sequence => Assert.Equal(DiagnosticCodes.CorruptBackup, Refuse(Backup, sequence: sequence)));

        // A byte cannot move from the number to the path.
        Refuse(Backup, "\u0007config/app.json", 0);
        Refuse(Backup, "onfig/app.json", (7 << 8) + 'c');

        byte[] master = Convert.FromBase64String(EncryptedBackup.KeyText);
        for (int i = 0; i < master.Length; i++)
        {
            master[i] ^= 0x80;
            Assert.Equal(DiagnosticCodes.WrongKey, Refuse(Backup, key: EncryptedBackup.Parse(Convert.ToBase64String(master))));
            master[i] ^= 0x80;
        }
    }

    private string Refuse(byte[] backup, string file = EncryptedBackup.File, long sequence = EncryptedBackup.Sequence, SecretKey? key = null)
    {
        using MemoryStream output = new();
        KinetraException error = Assert.Throws<KinetraException>(() => EncryptedBackup.TryDecrypt(backup, key ?? EncryptedBackup.Key, file, sequence, output));
        Assert.True(error.Code is DiagnosticCodes.CorruptBackup or DiagnosticCodes.WrongKey, error.Code);
        Assert.True(output.Length < Content.Length && Content.AsSpan().StartsWith(output.ToArray()), "handed on what was not proved");
        _refused.Add((Convert.ToHexString(SHA256.HashData(backup)), file, sequence, key ?? EncryptedBackup.Key));
        return error.Code;
    }

    private static string Code(byte[] backup, SecretKey key) => Assert.Throws<KinetraException>(() => EncryptedBackup.Decrypt(backup, key)).Code;

    private static byte[] Flipped(int at, byte bits)
    {
        byte[] backup = [.. Backup];
        backup[at] ^= bits;
        return backup;
    }
}
