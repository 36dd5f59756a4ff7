namespace Tool;

/// <summary>What the steps do, but for the report.</summary>
static class Verbs
{
    /// <summary>Looks for bars that cannot be: out of order, or with an open or close beyond high and low.</summary>
    /// <returns>65 if there are some.</returns>
    public static int Check(string history, string output)
    {
        var bars = Bar.Read(history);
        List<string> found = [];
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            if (i > 0 && bar.Day <= bars[i - 1].Day)
                found.Add($"{history}({i + 2}): error BAR03: {bar.Day:yyyy-MM-dd} does not come after {bars[i - 1].Day:yyyy-MM-dd}");
            if (bar.Low > Math.Min(bar.Open, bar.Close) || bar.High < Math.Max(bar.Open, bar.Close) || bar.Low <= 0)
                found.Add($"{history}({i + 2}): error BAR04: open {bar.Open} and close {bar.Close} are not between low {bar.Low} and high {bar.High}");
        }
        foreach (var line in found)
            Console.Error.WriteLine(line);
        if (found.Count > 0)
            return 65;
        Files.Write(output, [$"{bars.Count} bars from {bars[0].Day:yyyy-MM-dd} to {bars[^1].Day:yyyy-MM-dd}, none of them odd"]);
        return 0;
    }

    /// <summary>Cuts a year out; before it comes the last bar of the year before, as the first return needs that.</summary>
    public static void Fetch(string history, int year, string output)
    {
        var bars = Bar.Read(history);
        var first = bars.FindIndex(bar => bar.Day.Year == year);
        if (first < 0)
            throw new FormatException($"{history}(1): error BAR05: there is no bar in {year}");
        Files.Write(output, bars.Skip(Math.Max(0, first - 1)).TakeWhile(bar => bar.Day.Year <= year).Select(bar => bar.ToString()).Prepend("day,open,high,low,close"));
    }

    /// <summary>From bars to the logarithms of close by close before.</summary>
    public static void Returns(string bars, string output)
    {
        var all = Bar.Read(bars);
        Files.Write(output, all.Zip(all.Skip(1), (before, bar) => $"{bar.Day:yyyy-MM-dd},{Math.Log(bar.Close / before.Close):R}").Prepend("day,return"));
    }

    /// <summary>A year in a line: return, volatility (standard deviation of a day × √252), worst and best day.</summary>
    public static void Statistics(string returns, string output)
    {
        var all = Read(returns);
        var values = all.ConvertAll(one => one.Return);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
        var worst = all.MinBy(one => one.Return);
        var best = all.MaxBy(one => one.Return);
        Files.Write(output, ["days,return,volatility,worst,worst day,best,best day",
            $"{all.Count},{Percent(values.Sum())},{deviation * Math.Sqrt(252):P1},{Percent(worst.Return)},{worst.Day:MM-dd},{Percent(best.Return)},{best.Day:MM-dd}"]);
    }

    /// <summary>The largest fall of the close from an earlier one of the year.</summary>
    public static void Drawdown(string bars, string output)
    {
        var (peak, largest, day) = (0.0, 0.0, default(DateOnly));
        foreach (var bar in Bar.Read(bars))
        {
            peak = Math.Max(peak, bar.Close);
            var fall = 1 - bar.Close / peak;
            if (fall >= largest)
                (largest, day) = (fall, bar.Day);
        }
        Files.Write(output, ["drawdown,until", $"{largest:P1},{day:MM-dd}"]);
    }

    /// <summary>What a month of the year has brought over all years: the mean, and in how many it went up.</summary>
    public static void Season(string folder, int month, string output)
    {
        List<double> months = [];
        foreach (var file in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var days = Read(file).FindAll(one => one.Day.Month == month);
            if (days.Count > 0)
                months.Add(days.Sum(one => one.Return));
        }
        Files.Write(output, ["years,mean,up", months.Count == 0 ? "0,," : $"{months.Count},{Percent(months.Average())},{months.Count(value => value > 0)}"]);
    }

    static string Percent(double logarithm) => $"{Math.Exp(logarithm) - 1:+0.0 %;-0.0 %;0.0 %}";

    static List<(DateOnly Day, double Return)> Read(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(fields => (DateOnly.ParseExact(fields[0], "yyyy-MM-dd"), double.Parse(fields[1])))];
}
