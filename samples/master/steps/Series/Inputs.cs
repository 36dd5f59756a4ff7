using Steps.Files;

namespace Steps.Series;

/// <summary>What a step finds in an input folder.</summary>
static class Inputs
{
    /// <summary>Names of the CSV files in a folder.</summary>
    /// <exception cref="StepFailure">The folder is missing or holds none.</exception>
    public static IReadOnlyList<string> Series(string folder)
    {
        if (!Directory.Exists(folder))
            throw new StepFailure(ExitCodes.NoInput, $"folder '{folder}' does not exist");
        var names = AtomicFile.CsvFiles(folder);
        return names.Count > 0 ? names : throw new StepFailure(ExitCodes.NoInput, $"folder '{folder}' holds no .csv file");
    }

    /// <summary>A raw file, all of it good.</summary>
    /// <exception cref="StepFailure">A line is broken.</exception>
    public static Mt5Export Raw(string path, byte[] content)
    {
        var export = new Mt5Export(path, content);
        return export.Problems.Count == 0
            ? export
            : throw new StepFailure(ExitCodes.DataError, $"{path} is not a good MetaTrader 5 export; download it again", export.Problems);
    }
}
