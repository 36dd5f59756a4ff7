using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>Removes the logs of old runs: <c>workflow_{id}.log</c> and the folder <c>{id}</c>. Nothing else is touched.</summary>
internal static class LogRotation
{
    private const string Prefix = "workflow_";

    /// <summary>Removes the oldest beyond the number to keep.</summary>
    /// <param name="directory">The log directory.</param>
    /// <param name="keep">1 or more, the current run included.</param>
    /// <param name="current">The current run, whose log stays, though the clock may have been set back.</param>
    /// <returns>The ids of the runs whose logs were removed.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.LogNotRemoved"/>: a warning; the run goes on.</exception>
    public static IReadOnlyList<string> Apply(FilePath directory, int keep, string current)
    {
        string[] expired =
        [
            .. Directory.EnumerateFiles(directory.Full, Prefix + "*.log")
                .Select(file => Path.GetFileNameWithoutExtension(file)[Prefix.Length..])
                .Where(id => RunId.IsValid(id) && id != current)
                .OrderDescending(StringComparer.Ordinal)
                .Skip(keep - 1),
        ];
        foreach (string id in expired)
        {
            Remove(directory, id);
        }

        return expired;
    }

    private static void Remove(FilePath directory, string id)
    {
        try
        {
            string outputs = directory.Combine(id).Full;
            if (Directory.Exists(outputs))
            {
                Directory.Delete(outputs, recursive: true);
            }

            File.Delete(directory.Combine($"{Prefix}{id}.log").Full);
        }
        catch (Exception error) when (error is DirectoryNotFoundException)
        {
            // Another build was faster.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.LogNotRemoved, $"The logs of the old run {id} in {directory} cannot be removed: {Errno.Describe(error)}. Remove them by hand, or raise KinetraLogKeep.", error);
        }
    }
}
