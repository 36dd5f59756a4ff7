using Steps.Files;

namespace Steps.Series;

/// <summary>The best form of a series that was made from the raw file as it is now.</summary>
/// <param name="Name">File name, the same in every folder.</param>
/// <param name="Path">The file the bars were read from.</param>
/// <param name="Form">Folder the form lives in: <c>filled</c>, <c>standard</c> or <c>raw</c>.</param>
/// <param name="RawHash">SHA-256 of the raw file.</param>
/// <param name="Bars">The bars in file order.</param>
/// <remarks>
/// Converting and filling may fail without stopping the workflow. Then their folders hold nothing, or, worse, the output of an
/// earlier run; a form counts only if its folder's lineage names the raw file's present hash.
/// </remarks>
sealed record UpToDateSeries(string Name, string Path, string Form, string RawHash, List<Bar> Bars)
{
    /// <summary>Chooses for every raw file: filled, else standard, else the raw file itself; says so when it is not filled.</summary>
    /// <param name="data">The folder that holds <c>raw</c>, <c>standard</c> and <c>filled</c>.</param>
    public static List<UpToDateSeries> Choose(string data)
    {
        var raw = System.IO.Path.Combine(data, "raw");
        var forms = new[] { "filled", "standard" }
            .Select(form => (Form: form, Folder: System.IO.Path.Combine(data, form)))
            .Select(f => (f.Form, f.Folder, Lineage: Lineage.Read(f.Folder))).ToList();

        return [.. Inputs.Series(raw).Select(name =>
        {
            var rawPath = System.IO.Path.Combine(raw, name);
            var content = File.ReadAllBytes(rawPath);
            var hash = Lineage.Hash(content);
            var reasons = new List<string>();
            foreach (var (form, folder, lineage) in forms)
            {
                var path = System.IO.Path.Combine(folder, name);
                if (!File.Exists(path))
                    reasons.Add($"{form} is missing");
                else if (lineage.GetValueOrDefault(name) != hash)
                    reasons.Add($"{form} is out of date");
                else if (TryRead(path) is not { } bars)
                    reasons.Add($"{form} is damaged");
                else
                {
                    Note(name, form, reasons);
                    return new UpToDateSeries(name, path, form, hash, bars);
                }
            }
            Note(name, "raw", reasons);
            return new UpToDateSeries(name, rawPath, "raw", hash, Inputs.Raw(rawPath, content).Bars());
        })];
    }

    static List<Bar>? TryRead(string path)
    {
        try
        {
            return StandardCsv.Read(path);
        }
        catch (StepFailure)
        {
            return null;
        }
    }

    static void Note(string name, string form, List<string> reasons)
    {
        if (reasons.Count > 0)
            Console.WriteLine($"{name}: using {form}, because {string.Join(" and ", reasons)}");
    }
}
