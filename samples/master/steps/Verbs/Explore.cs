using System.Globalization;
using System.Text;
using Steps.Files;
using Steps.Series;
using Steps.Strategies;

namespace Steps.Verbs;

/// <summary>
/// <c>explore</c>: what would buy-and-hold, a moving-average cross and mean reversion have made of the test part? Parameters
/// are chosen on the train part.
/// </summary>
static class Explore
{
    public static void Run(Options options)
    {
        var input = options.Text("in", "data/prepared");
        var output = options.Text("out", "data/results");
        var basisPoints = options.Number("cost", 1, 0, 1000);

        var all = new List<Result>();
        var report = new StringBuilder("# Results on the test part\n\n");
        report.Append(CultureInfo.InvariantCulture, $"Parameters were chosen on the train part by the best Sharpe ratio. Cost: {basisPoints} basis points a trade. ");
        report.Append("Formulas: steps/README.md. A back-test of three textbook rules, not advice.\n");
        foreach (var series in PreparedSeries.ReadAll(input))
        {
            CheckPrices(series, input);
            var results = Comparison.Of(series, basisPoints / 10_000).ToList();
            var table = ResultTable.Markdown(results);
            var range = string.Create(CultureInfo.InvariantCulture,
                $"test {StandardCsv.Format(series.Test[0].Time)} to {StandardCsv.Format(series.Test[^1].Time)}, {series.Test.Count} bars, {Comparison.BarsPerYear(series.Test):0} a year");
            Console.WriteLine($"{series.Name}: {range}");
            Console.Write(table);
            report.Append($"\n## {series.Name}\n\n{char.ToUpperInvariant(range[0])}{range[1..]}.\n\n").Append(table);
            all.AddRange(results);
        }
        AtomicFile.WriteAll(output,
        [
            new OutputFile("results.csv", Encoding.UTF8.GetBytes(ResultTable.Csv(all))),
            new OutputFile("results.md", Encoding.UTF8.GetBytes(report.ToString())),
        ]);
        Console.WriteLine($"explore: {all.Count} results -> {output}");
    }

    // A return has no meaning when the price it starts from is not above 0. The integrity check says where, but may be left out.
    static void CheckPrices(PreparedSeries series, string folder)
    {
        if (series.Train.Concat(series.Test).Any(bar => Bar.Price(bar.Open) <= 0 || Bar.Price(bar.Close) <= 0))
            throw new StepFailure(ExitCodes.DataError, $"{series.Name} in {folder} has a price that is not above 0; returns cannot be computed (see integrity)");
    }
}
