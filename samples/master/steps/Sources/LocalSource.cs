using Steps.Files;

namespace Steps.Sources;

/// <summary>A folder of CSV files, or one CSV file, on this machine.</summary>
static class LocalSource
{
    /// <param name="path">Path as the user wrote it.</param>
    public static List<RawFile> Read(string path)
    {
        if (File.Exists(path))
            return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
                ? [ReadFile(path)]
                : throw new StepFailure(ExitCodes.NoInput, $"source '{path}' is not a .csv file");
        if (!Directory.Exists(path))
            throw new StepFailure(ExitCodes.NoInput, $"source '{path}' does not exist");
        var names = AtomicFile.CsvFiles(path);
        return names.Count > 0
            ? [.. names.Select(name => ReadFile(Path.Combine(path, name)))]
            : throw new StepFailure(ExitCodes.NoInput, $"source '{path}' holds no .csv file");
    }

    static RawFile ReadFile(string path) => new(Path.GetFileName(path), File.ReadAllBytes(path), path);
}
