namespace Kinetra.Build.Core.Reports;

/// <summary>The library that lays out graphs, dagre (https://github.com/dagrejs/dagre): a script, which a browser or another engine runs.</summary>
public static class LayoutScript
{
    /// <summary>Its file in this assembly.</summary>
    internal const string File = "dagre.min.js";

    /// <summary>The script. It declares <c>dagre</c>, and needs nothing of a browser.</summary>
    public static string Read()
    {
        using Stream content = typeof(LayoutScript).Assembly.GetManifestResourceStream(File) ?? throw new InvalidOperationException(File);
        using StreamReader reader = new(content);
        return reader.ReadToEnd();
    }
}
