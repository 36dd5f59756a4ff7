using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Kinetra.Build.Tool.Output;

/// <summary>Text of steps as a terminal may show it: no escape sequences, which could move the cursor or change the title, and no control characters.</summary>
internal static partial class SafeText
{
    private const int TabWidth = 4;

    /// <summary>The text in one line.</summary>
    /// <param name="text">Any text.</param>
    public static string Line(string text) => Clean(text.ReplaceLineEndings(" "));

    /// <summary>The text with its line feeds.</summary>
    /// <param name="text">Any text.</param>
    public static string Lines(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Clean));

    /// <summary>The text cut to a number of columns, with <c>…</c> at its end if something is left out.</summary>
    /// <param name="text">A line.</param>
    /// <param name="width">Columns, 1 or more.</param>
    public static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(width - 1, 0)] + "…";

    /// <summary>How many columns of a terminal a line takes: East Asian characters take two.</summary>
    /// <param name="text">A line.</param>
    public static int Cells(string text) => text.GetCellWidth();

    /// <summary>The line cut to a number of columns, with <c>…</c> at its end if something is left out.</summary>
    /// <param name="text">A line.</param>
    /// <param name="columns">Columns; 0 or less leaves nothing.</param>
    public static string CutCells(string text, int columns)
    {
        if (columns <= 0)
        {
            return "";
        }

        if (Cells(text) <= columns)
        {
            return text;
        }

        StringBuilder cut = new();
        int used = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            string one = rune.ToString();
            used += Cells(one);
            if (used >= columns)
            {
                break;
            }

            cut.Append(one);
        }

        return cut.Append('…').ToString();
    }

    private static string Clean(string line)
    {
        line = Escapes().Replace(line, "");
        if (!line.Any(c => char.IsControl(c) || IsDirection(c)))
        {
            return line;
        }

        StringBuilder clean = new(line.Length);
        foreach (char c in line)
        {
            if (c == '\t')
            {
                clean.Append(' ', TabWidth);
            }
            else if (!char.IsControl(c) && !IsDirection(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    // Characters that reorder what stands around them could make a line read as another one.
    private static bool IsDirection(char c) => c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';

    // CSI, OSC (ended by BEL or ST) and the sequences of two characters (ECMA-48).
    [GeneratedRegex(@"\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)?|\u001b[@-Z\\-_]|\u009b[0-?]*[ -/]*[@-~]")]
    private static partial Regex Escapes();
}
