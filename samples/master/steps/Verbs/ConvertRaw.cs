using Steps.Files;
using Steps.Series;

namespace Steps.Verbs;

/// <summary>
/// <c>convert</c>: MetaTrader 5 exports → standard form. Joins date and time and renames the columns; the text of every number
/// stays as it was, because a trip through a float could change its last digit.
/// </summary>
static class ConvertRaw
{
    public static void Run(Options options)
    {
        var input = options.Text("in", "data/raw");
        var output = options.Text("out", "data/standard");
        var files = new List<(OutputFile, string)>();
        foreach (var name in Inputs.Series(input))
        {
            var path = Path.Combine(input, name);
            var content = File.ReadAllBytes(path);
            var export = Inputs.Raw(path, content);
            files.Add((new OutputFile(name, StandardCsv.Write(export.Bars(), withFilled: false)), Lineage.Hash(content)));
            Console.WriteLine($"{name}: {export.Count} bars, volume from {(export.HasTradedVolume ? "<VOL>" : "<TICKVOL>")}");
        }
        Lineage.Write(output, files);
        Console.WriteLine($"convert: {files.Count} series -> {output}");
    }
}
