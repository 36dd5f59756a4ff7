using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>Removes the logs of old runs: <c>workflow_{id}.log</c> and the folder <c>{id}</c>. Nothing else is touched.</summary>
internal static class LogRotation
{
    private const string Prefix = "workflow_";

    /// <summary>Removes the oldest beyond the number to keep.</summary>
    /// <param name="directory">The log directory.</param>
    /// <param name="keep">1 or more.</param>
    /// <returns>The ids of the runs whose logs were removed.</returns>
    public static IReadOnlyList<string> Apply(FilePath directory, int keep)
    {
        string[] expired =
        [
            .. Directory.EnumerateFiles(directory.Full, Prefix + "*.log")
                .Select(file => Path.GetFileNameWithoutExtension(file)[Prefix.Length..])
                .Where(RunId.IsValid)
                .OrderDescending(StringComparer.Ordinal)
                .Skip(keep),
        ];
        foreach (string id in expired)
        {
            string outputs = directory.Combine(id).Full;
            if (Directory.Exists(outputs))
            {
                Directory.Delete(outputs, recursive: true);
            }

            File.Delete(directory.Combine($"{Prefix}{id}.log").Full);
        }

        return expired;
    }
}
