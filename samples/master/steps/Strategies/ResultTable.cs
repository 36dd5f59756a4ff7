using System.Globalization;
using System.Text;

namespace Steps.Strategies;

/// <summary>The results as CSV (plain fractions, for programs) and as a Markdown table (percent, for people).</summary>
static class ResultTable
{
    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>One line for each result; an undefined ratio is empty.</summary>
    public static string Csv(IEnumerable<Result> results)
    {
        var text = new StringBuilder("series,strategy,parameters,total_return,sharpe,max_drawdown,trades,train_total_return,train_sharpe\n");
        foreach (var r in results)
            text.Append(Invariant, $"{r.Series},{r.Strategy.Name},{r.Strategy.Parameters},{r.Test.TotalReturn:0.000000},{Ratio(r.Test.Sharpe, "0.0000")},")
                .Append(Invariant, $"{r.Test.MaxDrawdown:0.000000},{r.Test.Trades},{r.Train.TotalReturn:0.000000},{Ratio(r.Train.Sharpe, "0.0000")}\n");
        return text.ToString();
    }

    /// <summary>The results of one series, in columns that line up as plain text too.</summary>
    public static string Markdown(IEnumerable<Result> results)
    {
        string[][] rows =
        [
            ["strategy", "parameters", "total return", "Sharpe", "max drawdown", "trades", "Sharpe on train"],
            .. results.Select(r => new[]
            {
                r.Strategy.Name, r.Strategy.Parameters, Percent(r.Test.TotalReturn), Ratio(r.Test.Sharpe, "0.00"),
                Percent(r.Test.MaxDrawdown), r.Test.Trades.ToString(Invariant), Ratio(r.Train.Sharpe, "0.00"),
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(row => row[c].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            // Text to the left, numbers to the right.
            Append(text, rows[i].Select((cell, c) => c < 2 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])));
            if (i == 0)
                Append(text, widths.Select((width, c) => c < 2 ? new string('-', width) : new string('-', width - 1) + ":"));
        }
        return text.ToString();
    }

    static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    static string Percent(double value) => (value * 100).ToString("0.0", Invariant) + " %";

    static string Ratio(double value, string format)
    {
        if (double.IsNaN(value))
            return "";
        var text = value.ToString(format, Invariant);
        return text.AsSpan().ContainsAnyExcept("-0.") ? text : text.TrimStart('-'); // no "-0.00"
    }
}
