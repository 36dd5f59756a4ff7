using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Kinetra.Build.Core.Keys;

/// <summary>
/// A key that a user keeps in an environment variable: 32 random bytes, or a passphrase that is stretched to as many. It is
/// never used itself: each use derives a key of its own (HKDF, RFC 5869), so that no use weakens another. May be used by
/// several threads at once.
/// </summary>
/// <remarks>
/// What is derived is wiped after use. The key itself is not: the environment of the process holds it anyway, as long as
/// that lives.
/// </remarks>
public sealed class SecretKey
{
    /// <summary>Bytes of the key, and of what a passphrase becomes.</summary>
    internal const int Size = 32;

    /// <summary>Bytes of the salt of a passphrase (RFC 8018 asks for 8 or more).</summary>
    internal const int PassphraseSaltSize = 16;

    // OWASP's Password Storage Cheat Sheet for PBKDF2-HMAC-SHA-256. Part of the formats: another number is another format.
    private const int Rounds = 600_000;

    private readonly byte[] _secret;
    private readonly byte[] _passphraseSalt = new byte[PassphraseSaltSize];
    private readonly ConcurrentDictionary<UInt128, Lazy<byte[]>> _stretched = [];

    private SecretKey(string setting, string variable, KeyText text)
    {
        (Setting, Variable, IsPassphrase, _secret) = (setting, variable, text.IsPassphrase, text.Secret);
        if (IsPassphrase)
        {
            RandomNumberGenerator.Fill(_passphraseSalt);
        }
    }

    /// <summary>The property that names the variable, for messages.</summary>
    public string Setting { get; }

    /// <summary>The name of the environment variable, for messages.</summary>
    public string Variable { get; }

    /// <summary>Whether it is a passphrase, not 32 random bytes.</summary>
    public bool IsPassphrase { get; }

    /// <summary>
    /// The salt to stretch a passphrase with, and to write down beside what is made. It is drawn once for each instance, so
    /// that a build stretches once. All zero, and without effect, for a key of random bytes.
    /// </summary>
    internal ReadOnlySpan<byte> PassphraseSalt => _passphraseSalt;

    /// <summary>Reads a key whose user has a place to write down a passphrase's salt, as encrypted backups have.</summary>
    /// <param name="setting">The property that names the variable, such as <c>KinetraBackupKeyVariable</c>.</param>
    /// <param name="variable">The name of the environment variable.</param>
    /// <param name="value">
    /// Its value: the base64 of 32 random bytes, white space around it ignored; or <c>passphrase:</c> and 16 characters or
    /// more, line ends behind them ignored. Null if it is not set.
    /// </param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>; the value is never shown.</exception>
    public static SecretKey Parse(string setting, string variable, string? value) =>
        new(setting, variable, KeyText.Read(setting, variable, value));

    /// <summary>Reads a key that signs: only 32 random bytes will do, as a signature has no place for a passphrase's salt.</summary>
    /// <param name="setting">The property that names the variable, such as <c>KinetraChecksumKeyVariable</c>.</param>
    /// <param name="variable">The name of the environment variable.</param>
    /// <param name="value">Its value: the base64 of 32 random bytes, white space around it ignored. Null if it is not set.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>; the value is never shown.</exception>
    public static SecretKey ParseForSigning(string setting, string variable, string? value) =>
        KeyText.Read(setting, variable, value) is { IsPassphrase: false } text
            ? new SecretKey(setting, variable, text)
            : throw KeyText.Refuse(setting, variable, "holds a passphrase; signing takes 32 random bytes only, as a record has no place for a passphrase's salt");

    /// <summary>Signs: HMAC-SHA-256 under a key derived for the purpose.</summary>
    /// <param name="purpose">What is signed; the same data signed for another purpose has another signature.</param>
    /// <param name="data">The data.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="InvalidOperationException">The key is a passphrase: it does not come from <see cref="ParseForSigning"/>.</exception>
    public byte[] Sign(string purpose, ReadOnlySpan<byte> data)
    {
        if (IsPassphrase)
        {
            throw new InvalidOperationException("A passphrase cannot sign.");
        }

        Span<byte> key = stackalloc byte[Size];
        Derive(_passphraseSalt, [], purpose, key);
        byte[] signature = HMACSHA256.HashData(key, data);
        CryptographicOperations.ZeroMemory(key);
        return signature;
    }

    /// <summary>Checks a signature in a time that does not depend on where it is wrong.</summary>
    /// <param name="purpose">As for <see cref="Sign"/>.</param>
    /// <param name="data">The data.</param>
    /// <param name="signature">What <see cref="Sign"/> may have made of it.</param>
    public bool IsSigned(string purpose, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(purpose, data), signature);

    /// <summary>Derives a key, or an identifier, for one purpose: HKDF-SHA-256(master, salt, purpose).</summary>
    /// <param name="passphraseSalt">The salt that was written down; all zero for a key of random bytes.</param>
    /// <param name="salt">The salt of the thing that the key is for; may be empty.</param>
    /// <param name="purpose">What the key is for, in ASCII.</param>
    /// <param name="derived">Where it is written; its length decides how many bytes. To be wiped by the caller.</param>
    internal void Derive(ReadOnlySpan<byte> passphraseSalt, ReadOnlySpan<byte> salt, string purpose, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Master(passphraseSalt), derived, salt, Encoding.ASCII.GetBytes(purpose));

    // Stretching takes some tenths of a second, so that guessing is slow; once for each salt is enough.
    private byte[] Master(ReadOnlySpan<byte> passphraseSalt)
    {
        if (!IsPassphrase)
        {
            return _secret;
        }

        byte[] salt = passphraseSalt.ToArray();
        return _stretched.GetOrAdd(BitConverter.ToUInt128(salt), _ => new Lazy<byte[]>(() => Rfc2898DeriveBytes.Pbkdf2(_secret, salt, Rounds, HashAlgorithmName.SHA256, Size))).Value;
    }
}
