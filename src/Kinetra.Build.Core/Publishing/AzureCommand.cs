using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Publishing;

/// <summary>
/// Logging commands of Azure Pipelines: <c>##vso[task.logissue type=error;…]text</c>. The agent finds one anywhere in a line. Escaped as its documentation
/// says: <c>%</c>, <c>;</c>, <c>]</c>, carriage return and line feed.
/// </summary>
public static class AzureCommand
{
    /// <summary>Shows a file of Markdown on the page of the run.</summary>
    /// <param name="path">Its absolute path; it has to stay for the agent to read it.</param>
    public static string UploadSummary(string path) => "##vso[task.uploadsummary]" + Escape(path);

    /// <summary>An error or a warning of the job.</summary>
    internal static string LogIssue(Annotation annotation)
    {
        StringBuilder line = new("##vso[task.logissue type=");
        line.Append(annotation.IsError ? "error" : "warning");
        Add(line, "sourcepath", annotation.File);
        Add(line, "linenumber", Number(annotation.Place.Line));
        Add(line, "columnnumber", Number(annotation.Place.Column));
        Add(line, "code", annotation.Code);
        return line.Append(']').Append(Escape(annotation.Text)).ToString();
    }

    private static void Add(StringBuilder line, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            line.Append(';').Append(name).Append('=').Append(Escape(value));
        }
    }

    private static string? Number(int number) => number == 0 ? null : number.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) => text
        .Replace("%", "%AZP25", StringComparison.Ordinal)
        .Replace(";", "%3B", StringComparison.Ordinal)
        .Replace("]", "%5D", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
