using System.Security.Cryptography;
using System.Text;
using Kinetra.Build.Core.Keys;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>Backups that were made once. If one of these fails, a release cannot read what people have: never change the constants.</summary>
public sealed class BackupKnownAnswerTests
{
    private const string Random = "i0tJTkJBSwEAAAABAAEAAAAAAAAAAAAAAAAAAAAAAACe5zzbvXiZga+eEr+U06jeaxIeeGkN1+V4+wN6UT5q7A6n9M2QiDxJW48P/TTBhEXI4W2p24PYIIdDhtp60hi+rb1Ua2wiYlmU/pV2g13KGmH15jJ2laRTKuBMg4x7nSIg+8WZKAZa";
    private const string Passphrase = "i0tJTkJBSwEAAAABAAEAAKK1Pd3SWLDC87RE9WL5P6Jn7gMlyG6kUVPqh1zYxYT+liY6Q8ayMrTi7XX0SQTYEdEyQWsIJnVeCOisvmcNHWYasEGT7O9xHdH9VLIQ/BlZHy+oQ3BfkfqJCMWGpVlYrBHPqjpZsLKw09ToH8SLqWhzt/Hb2c4=";

    [Fact]
    public void A_backup_with_random_bytes_is_decrypted_for_ever() =>
        Assert.Equal("{\"kept\": true}\n", Decrypt(Random, EncryptedBackup.Key, "config/app.json", 7));

    [Fact]
    public void A_backup_with_a_passphrase_is_decrypted_for_ever() =>
        Assert.Equal("API_TOKEN=abc\n", Decrypt(Passphrase, EncryptedBackup.Parse("passphrase:correct horse battery staple"), ".env", 1));

    [Fact]
    public void A_backup_of_several_chunks_is_decrypted_for_ever()
    {
        // Too long to be kept: made again from fixed salts, and known by its digest.
        byte[] content = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i % 251))];
        byte[] master = Convert.FromBase64String(EncryptedBackup.KeyText);
        byte[] fileSalt = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        byte[] backup = BackupByTheBook.Encrypt(content, master, new byte[16], fileSalt, "data/prices.csv", 258);
        Assert.Equal("0aebb4236f8ffea55e723567cf8bd85412c4f0fabdeba3ad860dd4e3e43d2019", Convert.ToHexStringLower(SHA256.HashData(backup)));
        Assert.Equal(content, EncryptedBackup.Decrypt(backup, EncryptedBackup.Key, "data/prices.csv", 258));
    }

    private static string Decrypt(string backup, SecretKey key, string file, long sequence) =>
        Encoding.UTF8.GetString(EncryptedBackup.Decrypt(Convert.FromBase64String(backup), key, file, sequence));
}
