using System.Text;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Reads <c>.env</c> files: <c>NAME=value</c> a line, with an optional <c>export</c> before it. Blank lines and lines that
/// begin with <c>#</c> are skipped. A value in single quotes is taken as it is; in double quotes <c>\n</c>, <c>\t</c>,
/// <c>\"</c> and <c>\\</c> are understood; without quotes it ends at <c> #</c>, white space around it trimmed. Nothing is
/// expanded. A later line wins over an earlier one.
/// </summary>
public static class EnvironmentFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, UTF-8.</param>
    /// <returns>The variables in the order of the file.</returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.EnvironmentFileMissing"/>, <see cref="DiagnosticCodes.FileUnreadable"/>, or
    /// <see cref="DiagnosticCodes.MalformedEnvironmentFile"/> with the line, whose text is not shown as it may be a secret.
    /// </exception>
    public static IReadOnlyDictionary<string, string> Read(FilePath file)
    {
        string text;
        try
        {
            TargetFile.RefuseUnlessRegular(file);
            text = File.ReadAllText(file.Full, Encoding.UTF8);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KinetraException(DiagnosticCodes.EnvironmentFileMissing, $"The environment file {file} does not exist. Create it with a line NAME=value for each variable, readable by you alone (chmod 600).", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }

        return Parse(file, text);
    }

    /// <summary>Reads the variables in a text.</summary>
    /// <param name="file">The file that it is of, for messages.</param>
    /// <param name="text">The text.</param>
    /// <returns>The variables in the order of the text.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.MalformedEnvironmentFile"/>.</exception>
    public static IReadOnlyDictionary<string, string> Parse(FilePath file, string text)
    {
        Dictionary<string, string> variables = [];
        int number = 0;
        foreach (string raw in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r'))
        {
            number++;
            ReadOnlySpan<char> line = raw.AsSpan().Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("export ", StringComparison.Ordinal))
            {
                line = line["export ".Length..].TrimStart();
            }

            int equals = line.IndexOf('=');
            if (equals < 0)
            {
                throw Malformed(file, number, "has no \"=\"");
            }

            string name = line[..equals].Trim().ToString();
            if (!EnvironmentFileEdit.IsName(name))
            {
                throw Malformed(file, number, "has no usable name before its \"=\" (letters, digits and _ only, no digit first)");
            }

            variables[name] = Value(line[(equals + 1)..]) ?? throw Malformed(file, number, "has a quote that is not closed");
        }

        return variables;
    }

    private static KinetraException Malformed(FilePath file, int line, string what) =>
        new(DiagnosticCodes.MalformedEnvironmentFile, $"Line {line} of {file} {what}. Write NAME=value, or # before a comment.") { File = file.Display, Line = line };

    private static string? Value(ReadOnlySpan<char> text)
    {
        // With the white space before it: "NAME= # nothing yet" has a comment and no value.
        int comment = text.IndexOf(" #", StringComparison.Ordinal);
        ReadOnlySpan<char> whole = text.Trim();
        if (whole.IsEmpty || whole[0] is not ('\'' or '"'))
        {
            return (comment < 0 ? whole : text[..comment].Trim()).ToString();
        }

        text = whole;

        bool escapes = text[0] == '"';
        StringBuilder value = new(text.Length);
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                ReadOnlySpan<char> rest = text[(i + 1)..].TrimStart();
                return rest.IsEmpty || rest[0] == '#' ? value.ToString() : null;
            }

            if (escapes && text[i] == '\\' && i + 1 < text.Length && text[i + 1] is 'n' or 't' or '"' or '\\')
            {
                i++;
                value.Append(text[i] switch { 'n' => '\n', 't' => '\t', _ => text[i] });
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }
}
