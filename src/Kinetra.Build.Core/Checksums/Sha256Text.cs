using System.Security.Cryptography;

namespace Kinetra.Build.Core.Checksums;

/// <summary>SHA-256 digests as text: 64 hexadecimal digits in either case.</summary>
public static class Sha256Text
{
    /// <summary>Whether the text is a digest.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>Compares two digests in a time that does not depend on where they differ.</summary>
    /// <param name="left">A digest, or null.</param>
    /// <param name="right">A digest.</param>
    public static bool AreEqual(string? left, string right) =>
        left is not null && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(left), Convert.FromHexString(right));

    /// <summary>Reads an expected digest, or fails with an error that names where it came from.</summary>
    /// <param name="name">The parameter or metadata, such as <c>ExpectedChecksum</c>.</param>
    /// <param name="text">Its value; <c>sha256:</c> before the digits is allowed.</param>
    /// <returns>The digest in lower case.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidChecksum"/>.</exception>
    public static string Parse(string name, string text)
    {
        string digits = text.Trim();
        if (digits.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits["sha256:".Length..];
        }

        return IsValid(digits)
            ? digits.ToLowerInvariant()
            : throw new KinetraException(DiagnosticCodes.InvalidChecksum, $"{name}: \"{text}\" is not a SHA-256. Write its 64 hexadecimal digits, as sha256sum prints them.");
    }
}
