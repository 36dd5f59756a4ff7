namespace Tool;

/// <summary>Files that others never see half written.</summary>
static class Files
{
    const string Unfinished = ".unfinished";

    /// <summary>Writes lines beside the file, then gives them its name.</summary>
    public static void Write(string file, IEnumerable<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using (var writer = new StreamWriter(file + Unfinished) { NewLine = "\n" })
            foreach (var line in lines)
                writer.WriteLine(line);
        File.Move(file + Unfinished, file, overwrite: true);
    }

    /// <summary>Removes what a step that was killed has left.</summary>
    public static void Tidy(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Unfinished, SearchOption.AllDirectories))
        {
            File.Delete(file);
            Console.WriteLine($"removed {file}");
        }
    }
}
