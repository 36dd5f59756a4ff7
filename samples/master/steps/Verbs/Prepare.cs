using System.Text.Json;
using Steps.Files;
using Steps.Series;

namespace Steps.Verbs;

/// <summary>
/// <c>prepare</c>: splits each series by time into <c>name.train.csv</c> and <c>name.test.csv</c>, and writes what it did to
/// <c>split.json</c>. No statistic of the series is written: scaling belongs to a model and is estimated on its train part.
/// </summary>
static class Prepare
{
    /// <summary>The index of data/prepared.</summary>
    public const string IndexName = "split.json";

    public static void Run(Options options)
    {
        var data = options.Text("data", "data");
        var output = options.Text("out", "data/prepared");
        var trainShare = options.Number("train", 0.8, 0.01, 0.99);
        var gap = options.Count("gap", 0);

        var splits = UpToDateSeries.Choose(data).ConvertAll(series => (Series: series, Split: Split.Of(series, trainShare, gap)));
        var files = new List<(OutputFile, string)>();
        foreach (var (series, split) in splits)
        {
            files.Add((new OutputFile(PartName(series.Name, "train"), StandardCsv.Write(split.Train, withFilled: true)), series.RawHash));
            files.Add((new OutputFile(PartName(series.Name, "test"), StandardCsv.Write(split.Test, withFilled: true)), series.RawHash));
            Console.WriteLine($"{series.Name}: train {split.Train.Count} bars to {StandardCsv.Format(split.Train[^1].Time)}, "
                + $"gap {gap}, test {split.Test.Count} bars from {StandardCsv.Format(split.Test[0].Time)}");
        }
        Lineage.Write(output, files, new OutputFile(IndexName, Json.Write(json => WriteIndex(json, splits, trainShare, gap))));
        Console.WriteLine($"prepare: {splits.Count} series -> {output}");
    }

    static string PartName(string name, string part) => $"{Path.GetFileNameWithoutExtension(name)}.{part}.csv";

    static void WriteIndex(Utf8JsonWriter json, List<(UpToDateSeries, Split)> splits, double trainShare, int gap)
    {
        json.WriteStartObject();
        json.WriteNumber("train", trainShare);
        json.WriteNumber("gap", gap);
        json.WriteStartArray("series");
        foreach (var (series, split) in splits)
        {
            json.WriteStartObject();
            json.WriteString("name", Path.GetFileNameWithoutExtension(series.Name));
            json.WriteString("form", series.Form);
            json.WriteString("rawSha256", series.RawHash);
            json.WriteNumber("bars", series.Bars.Count);
            WritePart(json, series.Name, "train", split.Train);
            WritePart(json, series.Name, "test", split.Test);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WritePart(Utf8JsonWriter json, string name, string part, List<Bar> bars)
    {
        json.WriteStartObject(part);
        json.WriteString("file", PartName(name, part));
        json.WriteNumber("bars", bars.Count);
        json.WriteNumber("filled", bars.Count(bar => bar.Filled));
        json.WriteString("first", StandardCsv.Format(bars[0].Time));
        json.WriteString("last", StandardCsv.Format(bars[^1].Time));
        json.WriteEndObject();
    }
}
