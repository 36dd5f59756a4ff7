namespace Steps.Sources;

/// <summary>Which names a source may give to files of data/raw.</summary>
static class FileName
{
    /// <summary>
    /// True for a plain <c>*.csv</c> name. A server chooses these names, so nothing that could leave the folder, hide, or mean
    /// something to Windows is let through.
    /// </summary>
    public static bool IsSafe(string name) =>
        name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
        && name[0] != '.'
        && !name.Contains("..", StringComparison.Ordinal)
        && name.Length <= 200
        && !name.AsSpan().ContainsAny("/\\:*?\"<>|")
        && !name.Any(char.IsControl);
}
