using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Publishing;

/// <summary>
/// Service messages of TeamCity: <c>##teamcity[buildProblem description='…']</c>. Escaped as its documentation says: <c>'</c>, <c>|</c>, brackets, ends of
/// lines, and all that is not ASCII, each with a <c>|</c> before it.
/// </summary>
public static class TeamCityMessage
{
    // TeamCity cuts longer descriptions.
    private const int LongestDescription = 4_000;

    /// <summary>Shows a JUnit report as tests of the build.</summary>
    /// <param name="path">Its absolute path.</param>
    public static string ImportJUnit(string path) => $"##teamcity[importData type='junit' path='{Escape(path)}']";

    /// <summary>A problem, which fails the build in TeamCity too, or a warning in its log.</summary>
    internal static string Report(Annotation annotation)
    {
        string code = annotation.Code is null ? "" : annotation.Code + ": ";
        string place = annotation.File is null ? "" : annotation.Place.Line == 0 ? annotation.File + ": " : string.Create(CultureInfo.InvariantCulture, $"{annotation.File}({annotation.Place.Line}): ");
        string text = place + code + annotation.Text;
        return annotation.IsError
            ? $"##teamcity[buildProblem description='{Escape(text.Length <= LongestDescription ? text : text[..LongestDescription])}']"
            : $"##teamcity[message text='{Escape(text)}' status='WARNING']";
    }

    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        foreach (char character in text)
        {
            switch (character)
            {
                case '\'' or '|' or '[' or ']':
                    escaped.Append('|').Append(character);
                    break;
                case '\n':
                    escaped.Append("|n");
                    break;
                case '\r':
                    escaped.Append("|r");
                    break;
                case < ' ' or > '~':
                    escaped.Append(CultureInfo.InvariantCulture, $"|0x{(int)character:X4}");
                    break;
                default:
                    escaped.Append(character);
                    break;
            }
        }

        return escaped.ToString();
    }
}
