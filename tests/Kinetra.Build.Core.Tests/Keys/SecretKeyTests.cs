using System.Diagnostics;
using System.Text;
using CsCheck;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Keys;

public sealed class SecretKeyTests
{
    private const string Setting = "KinetraBackupKeyVariable";
    private const string Variable = "KINETRA_KEY";

    // 32 bytes: 0, 1, 2 … 31.
    private const string Random = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Passphrase = "passphrase:correct horse battery staple";

    public static TheoryData<string?, string> Unusable => new()
    {
        { null, "is not set" },
        { "", "is empty" },
        { " \n", "is empty" },
        { "hunter2", "neither base64 nor" },
        { Random[..^1], "neither base64 nor" },
        { Random.Replace('A', '-'), "neither base64 nor" },
        { "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "holds 48 bytes" },
        { "AAECAwQFBgcICQoLDA0ODw==", "holds 16 bytes" },
        { "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", "holds 33 bytes" },
        { Random + Random, "neither base64 nor" },
        { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "the same byte" },
        { "/////////////////////////////////////////w==", "holds 31 bytes" },
        { "//////////////////////////////////////////8=", "the same byte" },
        { "passphrase:", "passphrase of 0 characters" },
        { "passphrase:123456789012345", "passphrase of 15 characters" },
        { "passphrase:123456789012345\r\n", "passphrase of 15 characters" },
        { "passphrase:😀😀😀😀😀😀😀😀", "passphrase of 8 characters" },
        { "passphrase:                      ", "the same byte" },
        { "passphrase:aaaaaaaaaaaaaaaaaaaa", "the same byte" },
        { "passphrase:not UTF-8: \ufffd\ufffd, but long", "not UTF-8" },
        { "Passphrase:correct horse battery staple", "neither base64 nor" },
        { "correct horse battery staple", "neither base64 nor" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_value_that_is_no_key_is_refused_and_never_shown(string? value, string why)
    {
        string message = Refused(() => Parse(value));
        Assert.Contains(Setting, message);
        Assert.Contains(Variable, message);
        Assert.Contains(why, message);
        Assert.EndsWith("32 random bytes in base64, which are 44 characters; make one with: openssl rand -base64 32", message);
        string secret = (value ?? "").Replace("passphrase:", "", StringComparison.OrdinalIgnoreCase).Trim();
        Assert.True(secret.Length == 0 || !message.Contains(secret, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData(Random, false)]
    [InlineData(Passphrase, true)]
    [InlineData("passphrase:1234567890123456", true)]
    [InlineData("passphrase:😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀🎈", true)]
    public void Random_bytes_and_long_passphrases_are_keys(string value, bool isPassphrase) => Assert.Equal(isPassphrase, Parse(value).IsPassphrase);

    [Theory]
    [InlineData("DOTNET_KEY")]
    [InlineData("dotnet_key")]
    [InlineData("MSBUILDKEY")]
    [InlineData("MsBuild_Key")]
    [InlineData("COMPLUS_KEY")]
    [InlineData("ComPlus_Key")]
    public void A_variable_that_every_binlog_has_is_refused(string variable) =>
        Assert.Contains($"the environment variable {variable} cannot hold a key", Refused(() => SecretKey.Parse(Setting, variable, Random)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1KEY")]
    [InlineData("$KEY")]
    [InlineData("A-B")]
    [InlineData(Random)]
    [InlineData(Passphrase)]
    public void The_key_itself_in_place_of_a_name_is_refused_and_not_shown(string variable)
    {
        string message = Refused(() => SecretKey.Parse(Setting, variable, null));
        Assert.StartsWith($"{Setting} is not the name of an environment variable", message);
        Assert.True(string.IsNullOrWhiteSpace(variable) || !message.Contains(variable, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData(Setting, "such as KINETRA_BACKUP_KEY.")]
    [InlineData("KinetraChecksumKeyVariable", "such as KINETRA_CHECKSUM_KEY.")]
    public void The_name_that_is_suggested_is_that_of_the_documentation(string setting, string example)
    {
        Assert.Contains(example, Refused(() => SecretKey.Parse(setting, "", null)));
        Assert.Contains($"<{setting}>{example[8..^1]}</{setting}>", File.ReadAllText(Repository.PathTo("docs", "diagnostics", "KIN0003.md")));
    }

    [Theory]
    [InlineData(Random + "\n")]
    [InlineData(" " + Random + " \r\n")]
    public void White_space_around_random_bytes_does_not_count(string value) =>
        Assert.Equal(Derived(Parse(Random)), Derived(Parse(value)));

    [Fact]
    public void Of_a_passphrase_only_the_line_ends_behind_it_do_not_count()
    {
        byte[] salt = new byte[16];
        Assert.Equal(Derived(Parse(Passphrase), salt), Derived(Parse(Passphrase + "\r\n"), salt));
        Assert.NotEqual(Derived(Parse(Passphrase), salt), Derived(Parse(Passphrase + " "), salt));
    }

    [Fact]
    public void A_passphrase_becomes_what_the_standards_say()
    {
        // hashlib.pbkdf2_hmac("sha256", "grüne Äpfel vor der Tür".encode(), bytes(range(16)), 600000), then HKDF as below; made with Python.
        SecretKey key = Parse("passphrase:grüne Äpfel vor der Tür");
        Assert.Equal("8e6fd840936e1d8fde54dd8814b6e12735c6a741045d72c708a457aceea7d962", Convert.ToHexStringLower(Derived(key, [.. Enumerable.Range(0, 16).Select(i => (byte)i)])));
    }

    [Fact]
    public void A_key_for_a_purpose_is_what_RFC_5869_says()
    {
        // HKDF(SHA256(), 32, salt=b"salt", info=b"purpose").derive(bytes(range(32))) of the Python package cryptography.
        Assert.Equal("94667bce5e44fbfb519b064d97bb4a4e6714993a9e0f99c8485e090a33876fa8", Convert.ToHexStringLower(Derived(Parse(Random))));
    }

    [Fact]
    public void Each_purpose_and_each_salt_has_a_key_of_its_own()
    {
        SecretKey key = Parse(Random);
        byte[][] keys = [Derived(key), Derived(key, purpose: "other"), Derived(key, salt: "other"), Derived(Parse(Convert.ToBase64String(Derived(key))))];
        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Random_bytes_have_no_passphrase_salt() => Assert.Equal(new byte[16], Parse(Random).PassphraseSalt.ToArray());

    [Fact]
    public void Each_instance_draws_its_own_passphrase_salt()
    {
        SecretKey key = Parse(Passphrase);
        Assert.NotEqual(new byte[16], key.PassphraseSalt.ToArray());
        Assert.NotEqual(Parse(Passphrase).PassphraseSalt.ToArray(), key.PassphraseSalt.ToArray());
        Assert.Equal(key.PassphraseSalt.ToArray(), key.PassphraseSalt.ToArray());
    }

    [Fact]
    public void A_passphrase_is_stretched_once_for_each_salt()
    {
        SecretKey key = Parse(Passphrase);
        long start = Stopwatch.GetTimestamp();
        byte[] first = Derived(key, key.PassphraseSalt.ToArray());
        TimeSpan once = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(first, Derived(key, key.PassphraseSalt.ToArray())));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, 10 * once);
    }

    [Fact]
    public void Threads_may_share_a_key()
    {
        SecretKey key = Parse(Passphrase);
        byte[][] salts = [key.PassphraseSalt.ToArray(), new byte[16]];
        string[] derived = new string[16];
        Parallel.For(0, derived.Length, i => derived[i] = Convert.ToHexString(Derived(key, salts[i % 2])));
        Assert.Equal([Convert.ToHexString(Derived(Parse(Passphrase), salts[0])), Convert.ToHexString(Derived(Parse(Passphrase), salts[1]))], derived.Distinct().OrderBy(text => Array.IndexOf(derived, text)));
    }

    [Fact]
    public void A_signature_is_an_HMAC_under_a_key_for_its_purpose()
    {
        // Made with Python: hmac.digest(hkdf(bytes(range(32)), b"", b"Kinetra.Build checksum 1"), b"data", "sha256").
        byte[] signature = SigningKey(Random).Sign("Kinetra.Build checksum 1", "data"u8);
        Assert.Equal("84f5b1ca73738d67e1ca8f69dcd0e28f72849caa6bf0ef1bd4e7f660bcc43931", Convert.ToHexStringLower(signature));
    }

    [Fact]
    public void A_signature_holds_for_its_key_its_purpose_and_its_data_only()
    {
        SecretKey key = SigningKey(Random);
        byte[] signature = key.Sign("a", "data"u8);
        Assert.True(key.IsSigned("a", "data"u8, signature));
        Assert.False(key.IsSigned("b", "data"u8, signature));
        Assert.False(key.IsSigned("a", "date"u8, signature));
        Assert.False(key.IsSigned("a", "data"u8, signature.AsSpan(..31)));
        Assert.False(key.IsSigned("a", "data"u8, []));
        Assert.False(SigningKey(Convert.ToBase64String(signature)).IsSigned("a", "data"u8, signature));
        for (int i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 1;
            Assert.False(key.IsSigned("a", "data"u8, signature));
            signature[i] ^= 1;
        }
    }

    [Fact]
    public void A_passphrase_cannot_sign()
    {
        string message = Refused(() => SigningKey(Passphrase));
        Assert.Contains(Setting, message);
        Assert.Contains(Variable, message);
        Assert.Contains("32 random bytes only", message);
        Assert.DoesNotContain("horse", message);
        Assert.Throws<InvalidOperationException>(() => Parse(Passphrase).Sign("a", "data"u8));
    }

    [Fact]
    public void Shown_as_text_a_key_shows_nothing_of_itself()
    {
        Assert.Equal(typeof(SecretKey).FullName, Parse(Passphrase).ToString());
        Assert.Equal("KeyText", KeyText.Read(Setting, Variable, Random).ToString());
    }

    [Fact]
    public void Any_text_is_a_key_or_refused() =>
        Gen.OneOf(Gen.String, Gen.String.Select(text => "passphrase:" + text), Gen.Byte.Array[0, 40].Select(Convert.ToBase64String)).Sample(
            value =>
            {
                try
                {
                    bool isPassphrase = Parse(value).IsPassphrase;
                    Assert.Equal(value.StartsWith("passphrase:", StringComparison.Ordinal), isPassphrase);
                    Assert.True(isPassphrase || Convert.FromBase64String(value).Length == 32);
                }
                catch (KinetraException error)
                {
                    Assert.Equal(DiagnosticCodes.UnusableKey, error.Code);
                }
            },
            iter: 20_000);

    private static SecretKey Parse(string? value) => SecretKey.Parse(Setting, Variable, value);

    private static SecretKey SigningKey(string? value) => SecretKey.ParseForSigning(Setting, Variable, value);

    private static string Refused(Func<SecretKey> parse)
    {
        KinetraException error = Assert.Throws<KinetraException>(parse);
        Assert.Equal(DiagnosticCodes.UnusableKey, error.Code);
        Assert.Null(error.InnerException);
        return error.Message;
    }

    private static byte[] Derived(SecretKey key, byte[]? passphraseSalt = null, string salt = "salt", string purpose = "purpose")
    {
        byte[] derived = new byte[32];
        key.Derive(passphraseSalt ?? new byte[16], Encoding.ASCII.GetBytes(salt), purpose, derived);
        return derived;
    }
}
