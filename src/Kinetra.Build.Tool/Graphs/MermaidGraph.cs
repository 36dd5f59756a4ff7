using System.Text;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A graph as a Mermaid flowchart, which Markdown on GitHub, GitLab and Azure DevOps shows (https://mermaid.js.org/syntax/flowchart.html).</summary>
internal static class MermaidGraph
{
    // Readable on white and on black.
    private static readonly (StepStatus Status, string Style)[] Classes =
    [
        (StepStatus.Running, "fill:#dbeafe,stroke:#2563eb,color:#1e3a8a"),
        (StepStatus.Completed, "fill:#dcfce7,stroke:#16a34a,color:#14532d"),
        (StepStatus.Failed, "fill:#fee2e2,stroke:#dc2626,color:#7f1d1d"),
        (StepStatus.Interrupted, "fill:#fee2e2,stroke:#dc2626,color:#7f1d1d"),
        (StepStatus.Skipped, "fill:#f3f4f6,stroke:#9ca3af,color:#374151"),
        (StepStatus.Cached, "fill:#f0fdf4,stroke:#86efac,color:#14532d"),
    ];

    /// <summary>The text.</summary>
    public static string Format(DrawnGraph graph)
    {
        StringBuilder text = new("flowchart LR\n");
        for (int i = 0; i < graph.Steps.Count; i++)
        {
            DrawnStep step = graph.Steps[i];
            string label = $"\"{Escape(step.Name)}{(step.Outcome is { } outcome ? $"<br/>{outcome}" : "")}\"";
            (string open, string close) = step.IsAlways ? ("([", "])") : step.IsCritical ? ("[", "]") : ("(", ")");
            string style = step.Record is { } record ? $":::{record.Status.Word()}" : "";
            text.Append($"  s{i}{open}{label}{close}{style}\n");
        }

        foreach (DrawnEdge edge in graph.Edges)
        {
            string label = edge.File is { } file ? $"|\"{Escape(file)}\"|" : "";
            text.Append($"  s{edge.From} {(edge.MustSucceed ? "==>" : "-->")}{label} s{edge.To}\n");
        }

        foreach ((StepStatus status, string style) in Classes.Where(known => graph.Steps.Any(step => step.Record?.Status == known.Status)))
        {
            text.Append($"  classDef {status.Word()} {style}\n");
        }

        return text.ToString();
    }

    // Entities, as within quotes everything else could end the text or be taken for Markdown or HTML.
    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in SafeText.Line(text).EnumerateRunes())
        {
            bool isPlain = Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '.' or ',' or '-' or '/' or ':' or '+' or '=' or '(' or ')';
            escaped.Append(isPlain ? rune.ToString() : $"#{rune.Value};");
        }

        return escaped.ToString();
    }
}
