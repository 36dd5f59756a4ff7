using System.Security.Cryptography;
using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Names for what belongs to a file and is called after it, with something behind the name. File systems allow 255 bytes;
/// where that is not enough, the name is cut and the beginning of its SHA-256 keeps it unlike any other.
/// </summary>
internal static class BoundedName
{
    private const int MaximumLength = 255;
    private const int DigestLength = 32;

    /// <summary>The name with a suffix.</summary>
    /// <param name="name">A file name.</param>
    /// <param name="suffix">What goes behind it, in ASCII.</param>
    public static string WithSuffix(string name, string suffix)
    {
        int room = MaximumLength - suffix.Length;
        if (Encoding.UTF8.GetByteCount(name) <= room)
        {
            return name + suffix;
        }

        StringBuilder cut = new();
        int length = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            length += rune.Utf8SequenceLength;
            if (length > room - DigestLength - 1)
            {
                break;
            }

            cut.Append(rune);
        }

        return $"{cut}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..DigestLength]}{suffix}";
    }
}
