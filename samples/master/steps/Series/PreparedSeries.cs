using System.Text.Json;
using Steps.Verbs;

namespace Steps.Series;

/// <summary>A split series as <c>prepare</c> wrote it.</summary>
/// <param name="Name">Name without extension.</param>
/// <param name="Train">Bars to choose on.</param>
/// <param name="Test">Bars to report on.</param>
sealed record PreparedSeries(string Name, List<Bar> Train, List<Bar> Test)
{
    /// <summary>Reads all series that the folder's index names.</summary>
    /// <exception cref="StepFailure">The folder has no index, or a part does not have the bars the index says.</exception>
    public static List<PreparedSeries> ReadAll(string folder)
    {
        var index = Path.Combine(folder, Prepare.IndexName);
        if (!File.Exists(index))
            throw new StepFailure(ExitCodes.NoInput, $"'{index}' does not exist; run prepare first");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. json.RootElement.GetProperty("series").EnumerateArray().Select(series => new PreparedSeries(
                series.GetProperty("name").GetString()!, Part(folder, series.GetProperty("train")), Part(folder, series.GetProperty("test"))))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StepFailure(ExitCodes.DataError, $"'{index}' is not what prepare wrote; run prepare again");
        }
    }

    // The index is written after the parts: a prepare that was killed between two renames leaves parts that it does not describe.
    static List<Bar> Part(string folder, JsonElement part)
    {
        var path = Path.Combine(folder, part.GetProperty("file").GetString()!);
        var bars = StandardCsv.Read(path);
        if (bars.Count != part.GetProperty("bars").GetInt32()
            || StandardCsv.Format(bars[0].Time) != part.GetProperty("first").GetString()
            || StandardCsv.Format(bars[^1].Time) != part.GetProperty("last").GetString())
            throw new StepFailure(ExitCodes.DataError, $"{path} and {Prepare.IndexName} are not of one run; run prepare again");
        return bars;
    }
}
