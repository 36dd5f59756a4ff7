using Steps.Series;

namespace Steps.Verbs;

/// <summary>
/// <c>integrity</c>: is every bar possible? Times strictly ascending, high ≥ low, open and close within [low, high], prices
/// above 0. Problems are warnings in canonical form; any of them ends the step with <see cref="ExitCodes.DataError"/>.
/// </summary>
static class Integrity
{
    public static void Run(Options options)
    {
        int bars = 0, problems = 0;
        var series = UpToDateSeries.Choose(options.Text("data", "data"));
        foreach (var file in series)
        {
            var found = Check(file);
            Problem.Print(Console.Out, found);
            bars += file.Bars.Count;
            problems += found.Count;
        }
        if (problems > 0)
            throw new StepFailure(ExitCodes.DataError, $"integrity: {problems} problems in {bars} bars of {series.Count} series");
        Console.WriteLine($"integrity: {series.Count} series, {bars} bars, no problem");
    }

    static List<Problem> Check(UpToDateSeries series)
    {
        var problems = new List<Problem>();
        DateTime? latest = null;
        foreach (var bar in series.Bars)
        {
            void Add(int column, string code, string text) =>
                problems.Add(new Problem(series.Path, bar.Line, column, code, text) { Severity = "warning" });

            var time = StandardCsv.Format(bar.Time);
            if (latest == bar.Time)
                Add(1, "MT5102", $"duplicate: a bar of {time} is there already");
            else if (latest > bar.Time)
                Add(1, "MT5101", $"not ascending: {time} comes after {StandardCsv.Format(latest.Value)}");
            if (latest is null || bar.Time > latest)
                latest = bar.Time;

            decimal open = Bar.Price(bar.Open), high = Bar.Price(bar.High), low = Bar.Price(bar.Low), close = Bar.Price(bar.Close);
            if (high < low)
                Add(bar.PriceColumn(1), "MT5103", $"high {bar.High} is below low {bar.Low}");
            else
            {
                if (open < low || open > high)
                    Add(bar.PriceColumn(0), "MT5104", $"open {bar.Open} is outside low {bar.Low} to high {bar.High}");
                if (close < low || close > high)
                    Add(bar.PriceColumn(3), "MT5104", $"close {bar.Close} is outside low {bar.Low} to high {bar.High}");
            }
            foreach (var (price, text, index) in new[] { (open, bar.Open, 0), (high, bar.High, 1), (low, bar.Low, 2), (close, bar.Close, 3) })
                if (price <= 0)
                {
                    Add(bar.PriceColumn(index), "MT5105", $"price {text} is not above 0");
                    break;
                }
        }
        return problems;
    }
}
