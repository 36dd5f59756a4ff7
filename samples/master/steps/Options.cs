using System.Globalization;

namespace Steps;

/// <summary>The <c>--name value</c> pairs of a command line. Every option has a value; none may appear twice.</summary>
sealed class Options
{
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <param name="arguments">The command line after the verb.</param>
    /// <param name="allowed">Option names the verb knows, without the dashes.</param>
    /// <exception cref="StepFailure">An unknown or repeated option, or one without a value.</exception>
    public Options(ReadOnlySpan<string> arguments, params string[] allowed)
    {
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!allowed.Contains(name))
                throw Usage($"unknown option '{arguments[i]}'; this verb knows {string.Join(", ", allowed.Select(o => "--" + o))}");
            if (i + 1 == arguments.Length)
                throw Usage($"option '--{name}' has no value");
            if (!_values.TryAdd(name, arguments[i + 1]))
                throw Usage($"option '--{name}' is given twice");
        }
    }

    /// <summary>The option's text, or the default; without a default the option is required.</summary>
    public string Text(string name, string? fallback = null)
    {
        var value = _values.GetValueOrDefault(name) ?? fallback ?? throw Usage($"option '--{name}' is required");
        return value.Length > 0 ? value : throw Usage($"option '--{name}' is empty");
    }

    /// <summary>The option as a number between two bounds, both included.</summary>
    public double Number(string name, double fallback, double min, double max)
    {
        if (!_values.TryGetValue(name, out var text))
            return fallback;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Usage(string.Create(CultureInfo.InvariantCulture, $"option '--{name}' is '{text}'; expected a number from {min} to {max}"));
    }

    /// <summary>The option as a whole number from 0.</summary>
    public int Count(string name, int fallback)
    {
        if (!_values.TryGetValue(name, out var text))
            return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Usage($"option '--{name}' is '{text}'; expected a whole number from 0");
    }

    static StepFailure Usage(string message) => new(ExitCodes.Usage, message);
}
