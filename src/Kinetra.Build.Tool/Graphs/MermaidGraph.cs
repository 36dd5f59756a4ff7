using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A graph as a Mermaid flowchart.</summary>
internal static class MermaidGraph
{
    /// <summary>The text.</summary>
    public static string Format(DrawnGraph graph)
    {
        MermaidFlowchart chart = new();
        foreach (DrawnStep step in graph.Steps)
        {
            string name = SafeText.Line(step.Name);
            chart.AddStep(step.Outcome is { } outcome ? [name, outcome] : [name], step.Record?.Status, step.IsCritical, step.IsAlways);
        }

        foreach (DrawnEdge edge in graph.Edges)
        {
            chart.AddEdge(edge.From, edge.To, edge.MustSucceed, edge.File is { } file ? SafeText.Line(file) : null);
        }

        return chart.ToString();
    }
}
