using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Publishing;

/// <summary>
/// Commands of GitHub Actions: <c>::error file=…,line=…,title=…::text</c>. The runner takes a line for one whatever blanks stand before it. Escaped as its
/// toolkit does: <c>%</c>, carriage return and line feed everywhere, <c>:</c> and <c>,</c> in properties too.
/// </summary>
internal static class GitHubCommand
{
    /// <summary>An annotation of the job.</summary>
    public static string Annotate(Annotation annotation)
    {
        StringBuilder line = new("::");
        line.Append(annotation.IsError ? "error" : "warning");
        char separator = ' ';
        (int first, int column, int last, int endColumn) = annotation.Place;
        Add("file", annotation.File);
        Add("line", Number(first));
        Add("col", Number(column));
        Add("endLine", Number(last));
        Add("endColumn", Number(endColumn));
        Add("title", annotation.Code);
        return line.Append("::").Append(Data(annotation.Text)).ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                line.Append(separator).Append(name).Append('=').Append(Property(value));
                separator = ',';
            }
        }
    }

    private static string? Number(int number) => number == 0 ? null : number.ToString(CultureInfo.InvariantCulture);

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
