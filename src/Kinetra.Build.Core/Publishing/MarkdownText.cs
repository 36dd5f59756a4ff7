using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Publishing;

/// <summary>Makes any text a text in Markdown, and nothing but text.</summary>
internal static class MarkdownText
{
    // What may begin markup, a link, a formula or a mention, or ends a cell.
    private const string Special = "\\`*_{}[]()<>&|~@$:#!+-^\"'=";

    /// <summary>In one line: ends of lines become blanks, and every character that may mean something an entity, which means itself.</summary>
    /// <param name="text">The text.</param>
    public static string Line(string text)
    {
        StringBuilder line = new(text.Length + 16);
        foreach (char character in text)
        {
            if (Special.Contains(character))
            {
                line.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
            }
            else
            {
                line.Append(character < ' ' || char.IsWhiteSpace(character) ? ' ' : character);
            }
        }

        // GitHub makes links of these without any markup.
        return line.ToString().Replace("www.", "www&#46;", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>With its lines as they are, within <c>&lt;pre&gt;</c>.</summary>
    /// <param name="text">The text.</param>
    public static string Block(string text)
    {
        StringBuilder block = new(text.Length + 16);
        foreach (char character in text)
        {
            block.Append(character switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\n' => "\n",
                '\t' => "\t",
                '\r' => "",
                < ' ' => "\ufffd",
                _ => character.ToString(),
            });
        }

        return block.ToString();
    }
}
