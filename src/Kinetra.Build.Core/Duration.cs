using System.Globalization;
using System.Text.RegularExpressions;

namespace Kinetra.Build.Core;

/// <summary>
/// Durations as users write them: <c>90</c> (seconds), <c>500ms</c>, <c>2s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c> or
/// <c>hh:mm:ss</c>. Fractions are allowed before a unit (<c>1.5s</c>); a sign is not.
/// </summary>
public static partial class Duration
{
    /// <summary>The allowed forms, for error messages.</summary>
    public const string AllowedForms = "90 (seconds), 500ms, 2s, 10m, 1h, 7d or hh:mm:ss";

    // The longest wait that a .NET timer takes is 2^32 - 2 ms; ten years and more are a typing error anyway.
    private const double MaximumSeconds = 3650 * 86400.0;

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text, white space around it allowed.</param>
    /// <param name="value">The duration, zero or more.</param>
    /// <returns>Whether the text has one of the allowed forms.</returns>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();

        if (ClockForm().IsMatch(text))
        {
            string[] parts = text.Split(':');
            double hours = double.Parse(parts[0], CultureInfo.InvariantCulture);
            double minutes = double.Parse(parts[1], CultureInfo.InvariantCulture);
            double seconds = double.Parse(parts[2], CultureInfo.InvariantCulture);
            return FromSeconds((hours * 3600) + (minutes * 60) + seconds, out value);
        }

        Match match = UnitForm().Match(text);
        if (!match.Success)
        {
            return false;
        }

        double number = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        double unit = match.Groups["unit"].Value.ToLowerInvariant() switch
        {
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => 1,
        };
        return FromSeconds(number * unit, out value);
    }

    /// <summary>Reads a duration, or fails with an error that names where it came from.</summary>
    /// <param name="name">The property or parameter, such as <c>KinetraRetryDelay</c>.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static TimeSpan Parse(string name, string text) =>
        TryParse(text, out TimeSpan value)
            ? value
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a duration. Write {AllowedForms}.");

    /// <summary>Writes a duration for people: <c>480 ms</c>, <c>2.3 s</c>, <c>4 m 05 s</c>, <c>1 h 02 m</c>.</summary>
    /// <param name="value">The duration.</param>
    public static string Format(TimeSpan value) => value.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMinutes} m {value.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes:00} m"),
    };

    private static bool FromSeconds(double seconds, out TimeSpan value)
    {
        bool possible = seconds <= MaximumSeconds;
        value = possible ? TimeSpan.FromSeconds(seconds) : default;
        return possible;
    }

    [GeneratedRegex(@"^(?<number>\d+(\.\d+)?)\s*(?<unit>ms|s|m|h|d)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UnitForm();

    [GeneratedRegex(@"^\d{1,4}:[0-5]?\d:[0-5]?\d(\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ClockForm();
}
