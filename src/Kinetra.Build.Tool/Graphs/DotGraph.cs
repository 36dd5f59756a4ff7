using System.Text;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A graph in the DOT language of Graphviz (https://graphviz.org/doc/info/lang.html).</summary>
internal static class DotGraph
{
    /// <summary>The text.</summary>
    public static string Format(DrawnGraph graph)
    {
        StringBuilder text = new();
        text.Append($"digraph {Quote(graph.Workflow)} {{\n  rankdir=LR;\n  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n");
        for (int i = 0; i < graph.Steps.Count; i++)
        {
            DrawnStep step = graph.Steps[i];
            string label = Quote(step.Name, step.Outcome);
            string color = step.Record is { } record ? $", fillcolor=\"{Color(record.Status)}\"" : "";
            string style = (step.IsAlways, step.IsCritical) switch { (true, _) => ", style=\"filled,rounded\"", (_, false) => ", style=\"filled,dashed\"", _ => "" };
            text.Append($"  s{i} [label={label}{color}{style}];\n");
        }

        foreach (DrawnEdge edge in graph.Edges)
        {
            string[] attributes = [.. edge.File is { } file ? [$"label={Quote(file)}"] : (string[])[], .. edge.MustSucceed ? ["penwidth=2"] : (string[])[]];
            text.Append($"  s{edge.From} -> s{edge.To}{(attributes.Length > 0 ? $" [{string.Join(", ", attributes)}]" : "")};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Color(StepStatus status) => status switch
    {
        StepStatus.Running => "#dbeafe",
        StepStatus.Completed => "#dcfce7",
        StepStatus.Cached => "#f0fdf4",
        StepStatus.Skipped => "#f3f4f6",
        _ => "#fee2e2",
    };

    // A backslash begins an escape of labels (\N is the node's name); "\n" is the only one meant.
    private static string Quote(string text, string? secondLine = null)
    {
        string escaped = Escape(text);
        return $"\"{escaped}{(secondLine is null ? "" : "\\n" + Escape(secondLine))}\"";
    }

    private static string Escape(string text) =>
        SafeText.Line(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
