using System.Globalization;

namespace Steps.Series;

/// <summary>The number forms of MetaTrader exports: no thousands separators, no exponents, a point as the decimal sign.</summary>
static class Number
{
    /// <summary>A sign is allowed: oil traded below zero in April 2020. Whether a price makes sense is the integrity check's question.</summary>
    public const NumberStyles PriceStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>True for a decimal number such as <c>1438.36</c>.</summary>
    public static bool IsPrice(string text) => decimal.TryParse(text, PriceStyle, CultureInfo.InvariantCulture, out _);

    /// <summary>True for a whole number from 0, such as a volume.</summary>
    public static bool IsCount(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
