using System.Globalization;

namespace Steps.Series;

/// <summary>
/// One bar of a price series. Prices and volumes keep the text of the export, so that no digit changes on the way through the
/// workflow; the parser has made sure that they are numbers.
/// </summary>
/// <param name="Time">Opening time of the bar, in the time zone of the trade server, as MetaTrader exports it.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Traded volume, or the number of ticks where the export has no traded volume.</param>
/// <param name="Spread">Spread in points.</param>
/// <param name="Filled">True for a bar that is not in the export but was put into a gap.</param>
/// <param name="Line">Line of the file the bar was read from, from 1; 0 for a bar not read from a file.</param>
sealed record Bar(
    DateTime Time, string Open, string High, string Low, string Close, string Volume, string Spread, bool Filled = false, int Line = 0)
{
    /// <summary>
    /// Character column (from 1) of a price: 0 open, 1 high, 2 low, 3 close. Raw and standard files agree on it, because
    /// <c>2024.01.02⇥00:00:00⇥</c> and <c>2024-01-02T00:00:00,</c> are both 20 characters long.
    /// </summary>
    public int PriceColumn(int price)
    {
        var column = 21;
        if (price > 0) column += Open.Length + 1;
        if (price > 1) column += High.Length + 1;
        if (price > 2) column += Low.Length + 1;
        return column;
    }

    /// <summary>A price as an exact decimal.</summary>
    public static decimal Price(string text) => decimal.Parse(text, Number.PriceStyle, CultureInfo.InvariantCulture);
}
