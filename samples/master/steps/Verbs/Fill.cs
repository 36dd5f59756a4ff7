using Steps.Files;
using Steps.Series;

namespace Steps.Verbs;

/// <summary>
/// <c>fill</c>: puts a flat bar (the previous close, volume 0, the previous spread, <c>filled</c> 1) wherever the market was
/// surely open and a bar is missing. In doubt a gap stays: a bar that is not there is honest, an invented one is not.
/// </summary>
static class Fill
{
    public static void Run(Options options)
    {
        var input = options.Text("in", "data/standard");
        var output = options.Text("out", "data/filled");
        var holidayDays = options.Count("holiday-days", 5);
        var maxFill = options.Count("max-fill", 10);

        var lineage = Lineage.Read(input);
        var files = new List<(OutputFile, string)>();
        foreach (var name in Inputs.Series(input))
        {
            // Not vouched for by convert, so nobody could tell later what it was made from.
            if (!lineage.TryGetValue(name, out var rawHash))
                throw new StepFailure(ExitCodes.DataError, $"'{name}' is not in {Path.Combine(input, Lineage.FileName)}; run convert again");
            var path = Path.Combine(input, name);
            var bars = Filled(path, name, StandardCsv.Read(path), holidayDays, maxFill);
            files.Add((new OutputFile(name, StandardCsv.Write(bars, withFilled: true)), rawHash));
        }
        Lineage.Write(output, files);
        Console.WriteLine($"fill: {files.Count} series -> {output}");
    }

    static List<Bar> Filled(string path, string name, List<Bar> bars, int holidayDays, int maxFill)
    {
        var interval = Interval.Of(bars);
        var hours = new TradingHours(bars, interval);
        var result = new List<Bar>(bars.Count);
        var gaps = new int[Enum.GetValues<GapKind>().Length];
        foreach (var bar in bars)
        {
            // Bars out of order are left for the integrity check to report: their "gaps" are none.
            if (result.Count > 0 && interval > TimeSpan.Zero && bar.Time - result[^1].Time >= 2 * interval)
            {
                var before = result[^1];
                var gap = Gap.Between(before.Time, bar.Time, interval, hours, holidayDays, maxFill);
                gaps[(int)gap.Kind]++;
                if (gap.Kind == GapKind.Missing)
                    result.AddRange(gap.Times.Select(time => Flat(before, time)));
                else if (gap.Kind == GapKind.TooLong)
                    Console.WriteLine(new Problem(path, bar.Line, 1, "MT5201",
                        $"{gap.Times.Count} bars are missing between {StandardCsv.Format(before.Time)} and {StandardCsv.Format(bar.Time)}; "
                        + $"left as it is, more than {maxFill} are not filled") { Severity = "warning" });
            }
            result.Add(bar);
        }
        Console.WriteLine($"{name}: interval {Interval.Format(interval)}, {bars.Count} bars, {result.Count - bars.Count} filled in {gaps[(int)GapKind.Missing]} gaps; "
            + $"closures left alone: {gaps[(int)GapKind.OutsideTradingHours]} outside trading hours, {gaps[(int)GapKind.Holiday]} holidays, "
            + $"{gaps[(int)GapKind.ShortDay]} early closes or late openings; too long to fill: {gaps[(int)GapKind.TooLong]}");
        return result;
    }

    static Bar Flat(Bar before, DateTime time) =>
        new(time, before.Close, before.Close, before.Close, before.Close, "0", before.Spread, Filled: true);
}
