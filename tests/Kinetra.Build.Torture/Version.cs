using System.Security.Cryptography;
using System.Text;

namespace Kinetra.Build.Torture;

/// <summary>
/// A version of a file that says of itself who wrote it and whether it is whole: each line carries its writer and number,
/// and the last one the SHA-256 of those before it.
/// </summary>
/// <param name="Writer">Who wrote it, without a blank.</param>
/// <param name="Number">Its number, counted from 1 by its writer.</param>
public readonly record struct Version(string Writer, int Number)
{
    /// <summary>Its text; the length differs from number to number, so that a mixture of two shows.</summary>
    public string ToText()
    {
        string name = $"{Writer} {Number}";
        string lines = string.Concat(Enumerable.Range(1, 50 + (Number * 37 % 400)).Select(line => $"{name} line {line}\n"));
        return $"{lines}{name} {Digest(lines)}\n";
    }

    /// <summary>Reads a text; null if it is not whole.</summary>
    /// <param name="text">The content of a file.</param>
    public static Version? TryParse(string text)
    {
        int last = text.Length < 2 ? -1 : text.LastIndexOf('\n', text.Length - 2) + 1;
        string[] end = last < 0 ? [] : text[last..].Split(' ');
        if (end.Length != 3 || !int.TryParse(end[1], out int number))
        {
            return null;
        }

        Version version = new(end[0], number);
        return text == version.ToText() ? version : null;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
