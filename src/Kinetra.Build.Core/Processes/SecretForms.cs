using System.Text;
using System.Text.Json;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// The forms in which programs print a value: as it is, line by line, with either kind of line end, and escaped for JSON, URLs,
/// XML, a shell's trace (<c>sh -x</c>) and workflow commands; in base64 also as part of a longer text, as in an
/// <c>Authorization</c> header.
/// </summary>
internal static class SecretForms
{
    // A part of a shorter value in base64 would be found by chance.
    private const int ShortestInBase64 = 8;

    /// <summary>All forms of a value, the same one perhaps more than once.</summary>
    public static IEnumerable<string> Of(string value)
    {
        string unix = value.ReplaceLineEndings("\n");
        return unix.Split('\n', StringSplitOptions.TrimEntries)
            .Concat([value, unix])
            .Concat(unix.Contains('\n') ? [unix.ReplaceLineEndings("\r\n")] : [])
            .Concat(Escaped(value))
            .Concat(ReferenceEquals(unix, value) || unix == value ? [] : Escaped(unix))
            .Concat(value.Length < ShortestInBase64 ? [] : InBase64(Encoding.UTF8.GetBytes(value)));
    }

    private static IEnumerable<string> Escaped(string value)
    {
        yield return JsonEncodedText.Encode(value).Value;
        yield return InJson(value, isAscii: false);
        yield return InJson(value, isAscii: true);

        string url = Uri.EscapeDataString(value);
        yield return url;
        yield return url.Replace("%20", "+", StringComparison.Ordinal);
        yield return LowerEscapes(url);

        // What programs leave as it is differs: Python's quote a slash, JavaScript's encodeURI all that a URL is made of, its encodeURIComponent some marks.
        foreach (string kept in (string[])["/", "!'()*", ";,/?:@&=+$!'()*#"])
        {
            string part = Unescaped(url, kept);
            yield return part;
            yield return LowerEscapes(part);
        }

        string xml = value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        string attribute = xml.Replace("\"", "&quot;", StringComparison.Ordinal);
        yield return xml;
        yield return attribute;
        yield return attribute.Replace("'", "&apos;", StringComparison.Ordinal);
        yield return attribute.Replace("'", "&#39;", StringComparison.Ordinal);
        yield return attribute.Replace("'", "&#x27;", StringComparison.Ordinal);
        yield return xml.Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

        yield return value.Replace("'", @"'\''", StringComparison.Ordinal);
        yield return value.Replace("'", "'\"'\"'", StringComparison.Ordinal);

        string data = value.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        yield return data;
        yield return data.Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
    }

    // As most programs write it; JsonEncodedText escapes more than that.
    private static string InJson(string value, bool isAscii)
    {
        StringBuilder json = new(value.Length + 8);
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append(@"\\"),
                '\n' => json.Append(@"\n"),
                '\r' => json.Append(@"\r"),
                '\t' => json.Append(@"\t"),
                '\b' => json.Append(@"\b"),
                '\f' => json.Append(@"\f"),
                _ when c < ' ' || (isAscii && c > '~') => json.Append($"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.ToString();
    }

    private static string Unescaped(string url, string kept)
    {
        foreach (char c in kept)
        {
            url = url.Replace(Uri.HexEscape(c), c.ToString(), StringComparison.Ordinal);
        }

        return url;
    }

    private static string LowerEscapes(string url) =>
        string.Create(url.Length, url, (lower, text) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                bool isEscape = (i >= 1 && text[i - 1] == '%') || (i >= 2 && text[i - 2] == '%');
                lower[i] = isEscape ? char.ToLowerInvariant(text[i]) : text[i];
            }
        });

    // Three bytes are four characters, so there are three ways to stand in a longer text. The characters at the ends that
    // depend on its neighbours too are left out.
    private static IEnumerable<string> InBase64(byte[] value)
    {
        for (int before = 0; before < 3; before++)
        {
            string text = Convert.ToBase64String([.. new byte[before], .. value]);
            int first = before == 0 ? 0 : before + 1;
            int last = (before + value.Length) % 3 == 0 ? text.Length : text.TrimEnd('=').Length - 1;
            yield return text[first..last];
            yield return text[first..last].Replace('+', '-').Replace('/', '_');
        }
    }
}
