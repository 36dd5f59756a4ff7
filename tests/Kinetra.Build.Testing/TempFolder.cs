namespace Kinetra.Build.Testing;

/// <summary>A folder of a test's own, outside the repository so that nothing above it has an influence. Removed at the end.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder, by its real path.</summary>
    public TempFolder() => Root = Directory.CreateTempSubdirectory("kinetra-test-").FullName;

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>A path in the folder.</summary>
    /// <param name="relative">Its path below the folder.</param>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a file.</summary>
    /// <param name="relative">Its path; directories are created.</param>
    /// <param name="content">Its content.</param>
    /// <returns>The file's whole path.</returns>
    public string Write(string relative, string content)
    {
        string path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="relative">Its path.</param>
    public string Read(string relative) => File.ReadAllText(this[relative]);

    /// <summary>The names of all files below the folder, sorted, with forward slashes.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
