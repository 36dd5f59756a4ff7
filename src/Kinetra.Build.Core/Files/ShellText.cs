namespace Kinetra.Build.Core.Files;

/// <summary>Text as part of a command that a user can type as it stands in a message.</summary>
public static class ShellText
{
    /// <summary>The text, in quotes where a shell would not take it as one word.</summary>
    /// <param name="text">The text.</param>
    public static string Quote(string text)
    {
        bool plain = text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or '\\' or ':' or '=');
        if (plain)
        {
            return text;
        }

        return OperatingSystem.IsWindows() ? $"\"{text}\"" : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
