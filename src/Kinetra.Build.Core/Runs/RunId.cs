using System.Globalization;
using System.Text.RegularExpressions;

namespace Kinetra.Build.Core.Runs;

/// <summary>The id of a run: <c>YYYYMMDD_HHMMSS</c> (UTC), with <c>-002</c>, <c>-003</c> … for more in one second.</summary>
internal static partial class RunId
{
    /// <summary>The id of the n-th run of a second.</summary>
    /// <param name="start">When the run begins.</param>
    /// <param name="number">From 1.</param>
    public static string Create(DateTimeOffset start, int number)
    {
        string stamp = start.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        return number == 1 ? stamp : string.Create(CultureInfo.InvariantCulture, $"{stamp}-{number:000}");
    }

    /// <summary>Whether a text is an id.</summary>
    public static bool IsValid(string text) => Form().IsMatch(text);

    [GeneratedRegex(@"^\d{8}_\d{6}(-\d{3,})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
