using System.Globalization;

namespace Kinetra.Build.Core;

/// <summary>
/// Durations as users write them: <c>90</c> (seconds), <c>500ms</c>, <c>2s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c> or
/// <c>hh:mm:ss</c>. Fractions are allowed before a unit (<c>1.5s</c>); a sign is not.
/// </summary>
public static class Duration
{
    /// <summary>The allowed forms, for error messages.</summary>
    public const string AllowedForms = "90 (seconds), 500ms, 2s, 10m, 1h, 7d or hh:mm:ss";

    // Ten years and more are a typing error.
    private const double MaximumSeconds = 3650 * 86400.0;

    // The longest wait that a .NET timer takes is 2^32 - 2 ms, some 49.7 days.
    private static readonly TimeSpan MaximumWait = TimeSpan.FromDays(49);

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text, white space around it allowed.</param>
    /// <param name="value">The duration, zero or more, less than ten years.</param>
    /// <returns>Whether the text has one of the allowed forms.</returns>
    public static bool TryParse(string text, out TimeSpan value)
    {
        // By hand, as every build reads a few durations and the first regular expression of a process costs milliseconds.
        text = text.Trim();
        double? seconds = text.Contains(':', StringComparison.Ordinal) ? Clock(text) : WithUnit(text);
        bool possible = seconds <= MaximumSeconds;
        value = possible ? TimeSpan.FromSeconds(seconds!.Value) : default;
        return possible;
    }

    /// <summary>Reads a duration, or fails with an error that names where it came from.</summary>
    /// <param name="name">The property or parameter, such as <c>KinetraRetryDelay</c>.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static TimeSpan Parse(string name, string text) =>
        TryParse(text, out TimeSpan value)
            ? value
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a duration. Write {AllowedForms}.");

    /// <summary>Reads a time to wait: a duration of at most 49 days, which is what timers take.</summary>
    /// <param name="name">The property or parameter, such as <c>Timeout</c>.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static TimeSpan ParseWait(string name, string text)
    {
        TimeSpan value = Parse(name, text);
        return value <= MaximumWait
            ? value
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is too long to wait. Write at most 49d.");
    }

    /// <summary>Writes a duration for people: <c>480 ms</c>, <c>2.3 s</c>, <c>4 m 05 s</c>, <c>1 h 02 m</c>.</summary>
    /// <param name="value">The duration.</param>
    public static string Format(TimeSpan value) => value.TotalSeconds switch
    {
        // The limits are where rounding would reach the next unit.
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0} ms"),
        < 59.95 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.0} s"),
        < 60 => "1 m 00 s",
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMinutes} m {value.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes:00} m"),
    };

    private static double? Clock(string text)
    {
        string[] parts = text.Split(':');
        return parts is [var hours, var minutes, var seconds]
            ? (Number(hours) * 3600) + (Below60(minutes) * 60) + Below60(seconds)
            : null;
    }

    private static double? WithUnit(string text)
    {
        int unit = text.Length;
        while (unit > 0 && char.IsAsciiLetter(text[unit - 1]))
        {
            unit--;
        }

        double? factor = text[unit..].ToLowerInvariant() switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => null,
        };
        return Number(text[..unit].TrimEnd()) * factor;
    }

    private static double? Below60(string text) => Number(text) is < 60 and var number ? number : null;

    // Digits, perhaps a point and more digits; no sign, no exponent, no group separators.
    private static double? Number(string text) =>
        text.Length > 0 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;
}
