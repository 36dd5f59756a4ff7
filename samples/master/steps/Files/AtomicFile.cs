using System.Security.Cryptography;

namespace Steps.Files;

/// <summary>The whole content of a file to be written.</summary>
/// <param name="Name">File name without a folder.</param>
/// <param name="Content">All bytes.</param>
sealed record OutputFile(string Name, byte[] Content);

/// <summary>
/// Writes files so that a reader, or a machine that loses power, sees the old content or the new one, never a part of it.
/// </summary>
static class AtomicFile
{
    /// <summary>A temporary file this old belongs to a writer that was killed; a younger one may belong to a writer at work.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>
    /// Writes every file under a temporary name and flushes it to disk, then renames them in the order given.
    /// A failure while writing leaves all old files; put an index that vouches for the others last.
    /// </summary>
    public static void WriteAll(string folder, IReadOnlyList<OutputFile> files)
    {
        Directory.CreateDirectory(folder);
        RemoveAbandoned(folder);
        var temporary = new List<string>();
        try
        {
            foreach (var file in files)
            {
                // In the same folder, because a rename is atomic only within one file system; unpredictable and CreateNew, so
                // that neither a second writer nor a planted link is written to.
                var path = Path.Combine(folder, $".{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.tmp");
                using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                temporary.Add(path);
                stream.Write(file.Content);
                stream.Flush(flushToDisk: true);
            }
            for (var i = 0; i < files.Count; i++)
                File.Move(temporary[i], Path.Combine(folder, files[i].Name), overwrite: true);
        }
        finally
        {
            foreach (var path in temporary)
                File.Delete(path); // no error when the file has been renamed
        }
    }

    /// <summary>Removes the folder's <c>*.csv</c> files that are not among the names; other files are not ours to remove.</summary>
    /// <returns>The names removed.</returns>
    public static IReadOnlyList<string> RemoveOthers(string folder, IReadOnlyCollection<string> names)
    {
        var others = CsvFiles(folder).Where(name => !names.Contains(name)).ToList();
        foreach (var name in others)
            File.Delete(Path.Combine(folder, name));
        return others;
    }

    /// <summary>Names of the folder's CSV files in ordinal order, hidden files left out.</summary>
    public static IReadOnlyList<string> CsvFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))
            .Where(name => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && name[0] != '.')
            .Order(StringComparer.Ordinal)];

    static void RemoveAbandoned(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, ".????????.tmp"))
        {
            var name = Path.GetFileName(path.AsSpan());
            if (name.Length == 13 && !name[1..9].ContainsAnyExcept("0123456789abcdef")
                && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Abandoned)
                File.Delete(path);
        }
    }
}
