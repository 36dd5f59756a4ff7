using System.Security.Cryptography;
using System.Text.Json;

namespace Steps.Files;

/// <summary>
/// <c>lineage.json</c> of an output folder: each output file's name → SHA-256 (lower-case hex) of the raw file it was made from.
/// A step that may fail without stopping the workflow leaves its old output behind; whoever reads that output compares the raw
/// file's hash with the one here and knows whether it is of this run's data.
/// </summary>
/// <remarks>It is written after the files it speaks of, so a step killed half-way leaves hashes that do not match: stale, never wrong.</remarks>
static class Lineage
{
    /// <summary>The file's name in every output folder.</summary>
    public const string FileName = "lineage.json";

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Reads a folder's lineage; a missing or unreadable one is empty, which makes every file of the folder stale.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var lineage = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
            foreach (var entry in json.RootElement.EnumerateObject())
                lineage[entry.Name] = entry.Value.GetString() ?? "";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or InvalidOperationException)
        {
            lineage.Clear();
        }
        return lineage;
    }

    /// <summary>Writes the files, then their lineage, then removes series of earlier runs whose raw file is gone.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="files">Files with the hash of the raw file each was made from.</param>
    /// <param name="index">A further file that describes the others, if the folder has one.</param>
    public static void Write(string folder, IReadOnlyList<(OutputFile File, string RawHash)> files, OutputFile? index = null)
    {
        var lineage = new OutputFile(FileName, Json.Write(json =>
        {
            json.WriteStartObject();
            foreach (var (file, hash) in files)
                json.WriteString(file.Name, hash);
            json.WriteEndObject();
        }));
        AtomicFile.WriteAll(folder, [.. files.Select(f => f.File), .. index is null ? [] : new[] { index }, lineage]);
        AtomicFile.RemoveOthers(folder, [.. files.Select(f => f.File.Name)]);
    }
}
