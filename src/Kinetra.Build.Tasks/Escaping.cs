using System.Globalization;
using System.Text;

namespace Kinetra.Build.Tasks;

/// <summary>MSBuild's escapes: <c>%3B</c> and the like, two hexadecimal digits for a character.</summary>
internal static class Escaping
{
    private const string Special = "%*?@$();'";

    /// <summary>Escapes what means something to the engine.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 8);
        foreach (char character in text)
        {
            if (Special.Contains(character))
            {
                escaped.Append('%').Append(((int)character).ToString("x2", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    /// <summary>Replaces the escapes by what they stand for.</summary>
    /// <param name="text">The text.</param>
    public static string Unescape(string text)
    {
        int percent = text.IndexOf('%');
        if (percent < 0)
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                plain.Append((char)Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
