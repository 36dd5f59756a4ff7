using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>Any bytes give the content or a coded error. <c>KINETRA_FUZZ_CASES</c> sets how many are tried.</summary>
public sealed class BackupDecryptorFuzzTests
{
    private static readonly int Cases = (int)PropertyCases.Fuzz;

    // The sizes at which the form changes; the long ones are rare below, as they take their time.
    private static readonly byte[][] Backups = [.. new[] { 0, 1, 100, 1000, 65536, 65537, 140_000 }.Select(size => EncryptedBackup.Encrypt(EncryptedBackup.Random(size)))];
    private static readonly byte[][] Contents = [.. Backups.Select(backup => EncryptedBackup.Decrypt(backup))];

    [Fact]
    public void Any_bytes_give_the_content_or_a_coded_error()
    {
        int whole = 0;
        int refused = 0;
        Parallel.For(0, Cases, number =>
        {
            // The case's number is its seed: a failure can be run again alone.
            Random random = new(number);
            int which = random.Next(20) == 0 ? random.Next(Backups.Length) : random.Next(4);
            byte[] bytes = Mutate(Backups[which], random);
            SecretKey key = random.Next(50) == 0 ? EncryptedBackup.OtherKey : EncryptedBackup.Key;
            int piece = random.Next(1, bytes.Length + 2);
            try
            {
                byte[] content = EncryptedBackup.Decrypt(bytes, key, piece: () => random.Next(1, piece + 1));
                Assert.True(bytes.AsSpan().SequenceEqual(Backups[which]) && content.AsSpan().SequenceEqual(Contents[which]), $"case {number}: accepted what is no backup");
                Interlocked.Increment(ref whole);
            }
            catch (KinetraException error)
            {
                Assert.True(error.Code is DiagnosticCodes.CorruptBackup or DiagnosticCodes.WrongKey, $"case {number}: {error.Code}");
                Assert.False(key == EncryptedBackup.Key && bytes.AsSpan().SequenceEqual(Backups[which]), $"case {number}: refused a backup");
                Interlocked.Increment(ref refused);
            }
        });

        Assert.Equal(Cases, whole + refused);
        Assert.InRange(whole, Cases / 100, Cases / 4);
    }

    private static byte[] Mutate(byte[] backup, Random random)
    {
        List<byte> bytes = [.. backup];
        switch (random.Next(8))
        {
            case 0:
                return [.. backup];
            case 1:
                return Random(random.Next(300), random);
            case 2:
                // A good beginning, then anything.
                return [.. backup[..random.Next(backup.Length + 1)], .. Random(random.Next(300), random)];
        }

        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, random.Next(2) == 0 ? 4 : 200), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, Random(length, random));
                    break;
                case 2:
                    bytes.AddRange(bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    for (int i = at; i < at + length; i++)
                    {
                        bytes[i] = random.Next(4) switch { 0 => 0, 1 => 0xff, 2 => (byte)(bytes[i] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Random(int length, Random random)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
