using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>Changes the text of <c>.env</c> files as <see cref="EnvironmentFile"/> reads them; whatever else is in it stays as it is.</summary>
public static class EnvironmentFileEdit
{
    /// <summary>Whether a text can be the name of a variable: letters, digits and <c>_</c> only, no digit first.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Whether a value can stand in such a file: anything but a NUL and a carriage return, which no line can hold.</summary>
    /// <param name="value">The value.</param>
    public static bool CanHold(string value) => !value.Contains('\0') && !value.Contains('\r');

    /// <summary>Sets a variable: in the last line that sets it, as that is the one that counts, otherwise in a new line at the end.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The variable; see <see cref="IsName"/>.</param>
    /// <param name="value">Its value; see <see cref="CanHold"/>.</param>
    /// <returns>The new text.</returns>
    public static string Set(string text, string name, string value)
    {
        string assignment = $"{name}={Quote(value)}";
        string end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        (int start, int length, bool isExported) = Find(text, name);
        if (start >= 0)
        {
            return $"{text[..start]}{(isExported ? "export " : "")}{assignment}{text[(start + length)..]}";
        }

        string before = text.Length == 0 || text[^1] is '\n' or '\r' ? text : text + end;
        return before + assignment + end;
    }

    // The last line that sets the variable, without its end.
    private static (int Start, int Length, bool IsExported) Find(string text, string name)
    {
        (int Start, int Length, bool IsExported) found = (-1, 0, false);
        for (int start = 0; start <= text.Length;)
        {
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            length = length < 0 ? text.Length - start : length;
            ReadOnlySpan<char> line = text.AsSpan(start, length).Trim();
            bool isExported = line.StartsWith("export ", StringComparison.Ordinal);
            line = isExported ? line["export ".Length..].TrimStart() : line;
            int equals = line.IndexOf('=');
            if (equals > 0 && line[..equals].Trim().SequenceEqual(name))
            {
                found = (start, length, isExported);
            }

            start += length + 1;
        }

        return found;
    }

    // Plain where shells and other readers of such files agree on what it means, else in quotes.
    private static string Quote(string value)
    {
        if (value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or ':' or '@' or '%' or '+' or ',' or '=' or '-'))
        {
            return value;
        }

        if (!value.Contains('\'') && !value.Contains('\n'))
        {
            return $"'{value}'";
        }

        StringBuilder quoted = new("\"");
        foreach (char c in value)
        {
            quoted.Append(c switch { '\n' => "\\n", '\t' => "\\t", '"' => "\\\"", '\\' => "\\\\", _ => c.ToString() });
        }

        return quoted.Append('"').ToString();
    }
}
