using System.Globalization;

namespace Kinetra.Build.Core.Runs;

/// <summary>The id of a run: <c>YYYYMMDD_HHMMSS</c> (UTC), with <c>-002</c>, <c>-003</c> … for more in one second.</summary>
internal static class RunId
{
    private const int StampLength = 15;

    /// <summary>The id of the n-th run of a second.</summary>
    /// <param name="start">When the run begins.</param>
    /// <param name="number">From 1.</param>
    public static string Create(DateTimeOffset start, int number)
    {
        // From the sortable form, for which .NET has precompiled code: 2026-11-23T06:10:22.
        string stamp = start.UtcDateTime.ToString("s", CultureInfo.InvariantCulture).Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal).Replace('T', '_');
        return number == 1 ? stamp : string.Create(CultureInfo.InvariantCulture, $"{stamp}-{number:000}");
    }

    /// <summary>Whether a text is an id.</summary>
    public static bool IsValid(string text) =>
        text.Length >= StampLength && Digits(text.AsSpan(0, 8)) && text[8] == '_' && Digits(text.AsSpan(9, 6))
        && (text.Length == StampLength || (text.Length >= StampLength + 4 && text[StampLength] == '-' && Digits(text.AsSpan(StampLength + 1))));

    private static bool Digits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
