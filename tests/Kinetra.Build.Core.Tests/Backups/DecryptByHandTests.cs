using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>The script of docs/encrypted-backups.md, taken from the page and run as the page says.</summary>
public sealed class DecryptByHandTests : IDisposable
{
    private const string Page = "encrypted-backups.md";

    private static readonly string Text = File.ReadAllText(Repository.PathTo("docs", Page));

    private readonly TempFolder _folder = new();

    public DecryptByHandTests() => _folder.Write("decrypt.cs", Regex.Match(Text, "(?s)```csharp\n(?<script>.*?)```").Groups["script"].Value);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_decrypts_any_backup_and_refuses_a_damaged_one()
    {
        byte[] content = EncryptedBackup.Random((2 * 65536) + 5);
        byte[] backup = EncryptedBackup.Encrypt(content);
        File.WriteAllBytes(_folder["good.bak"], backup);
        AssertDecrypts("good.bak", "7", EncryptedBackup.KeyText, content);
        AssertDecrypts("good.bak", "1-100", EncryptedBackup.KeyText, content);
        AssertRefuses("good.bak", "8", EncryptedBackup.KeyText, "Chunk 0");
        AssertRefuses("good.bak", "7", "HxwdHhscGRoZFhcUFRITEBEODwwNCgsICQYHBAUCAwA=", "another key");

        File.WriteAllBytes(_folder["cut.bak"], backup[..^21]);
        AssertRefuses("cut.bak", "1-100", EncryptedBackup.KeyText, "Chunk 1");
        File.WriteAllBytes(_folder["empty.bak"], EncryptedBackup.Encrypt([]));
        AssertDecrypts("empty.bak", "7", EncryptedBackup.KeyText, []);

        const string Passphrase = "passphrase:correct horse battery staple";
        File.WriteAllBytes(_folder["passphrase.bak"], EncryptedBackup.Encrypt(content, EncryptedBackup.Parse(Passphrase)));
        AssertDecrypts("passphrase.bak", "7", Passphrase, content);

        Match example = Regex.Match(Text, "its key is `(?<key>[^`]*)`:\n\n```\n(?<backup>.*)\n```");
        File.WriteAllBytes(_folder["example.bak"], Convert.FromBase64String(example.Groups["backup"].Value));
        AssertDecrypts("example.bak", "7", example.Groups["key"].Value, "{\"kept\": true}\n"u8.ToArray());
    }

    private void AssertDecrypts(string backup, string sequence, string key, byte[] content)
    {
        DotNetResult result = Run(backup, sequence, key);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(content, File.ReadAllBytes(_folder["output"]));
        File.Delete(_folder["output"]);
    }

    private void AssertRefuses(string backup, string sequence, string key, string why)
    {
        DotNetResult result = Run(backup, sequence, key);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(why, result.Output);
        Assert.False(File.Exists(_folder["output"]));
    }

    private DotNetResult Run(string backup, string sequence, string key) =>
        DotNet.Run(_folder.Root, ["run", "decrypt.cs", "--", backup, EncryptedBackup.File, sequence, "output"], new Dictionary<string, string?> { ["KINETRA_BACKUP_KEY"] = key });
}
