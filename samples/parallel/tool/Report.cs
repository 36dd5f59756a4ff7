namespace Tool;

/// <summary>Joins what the other steps have found.</summary>
static class Report
{
    public static void Write(string folder, string output) => Files.Write(output,
    [
        "# The years", "",
        "| year | days | return | volatility | worst day | best day | drawdown |",
        "|---|---|---|---|---|---|---|",
        .. Lines(folder, "statistics").Select(year => (year.Name, It: year.Fields, Fall: Fields(Path.Combine(folder, "drawdowns", year.Name + ".csv"))))
            .Select(year => $"| {year.Name} | {year.It[0]} | {year.It[1]} | {year.It[2]} | {year.It[3]} on {year.It[4]} | {year.It[5]} on {year.It[6]} | {year.Fall[0]} until {year.Fall[1]} |"),
        "", "# The months", "",
        "| month | years | mean | went up in |",
        "|---|---|---|---|",
        .. Lines(folder, "seasons").Select(month => $"| {month.Name} | {month.Fields[0]} | {month.Fields[1]} | {month.Fields[2]} |"),
    ]);

    static IEnumerable<(string Name, string[] Fields)> Lines(string folder, string kind) =>
        Directory.GetFiles(Path.Combine(folder, kind), "*.csv").Order(StringComparer.Ordinal).Select(file => (Path.GetFileNameWithoutExtension(file), Fields(file)));

    static string[] Fields(string file) => File.ReadLines(file).Skip(1).First().Split(',');
}
