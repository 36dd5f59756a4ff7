using System.Text.Json.Nodes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A graph as JSON.</summary>
internal static class GraphJson
{
    /// <summary>The document.</summary>
    public static JsonObject Of(DrawnGraph graph) => new()
    {
        ["workflow_name"] = graph.Workflow,
        ["workflow_id"] = graph.RunId,
        ["steps"] = JsonOutput.Array(graph.Steps.Select(step => new JsonObject
        {
            ["name"] = step.Name,
            ["critical"] = step.IsCritical,
            ["always"] = step.IsAlways,
            ["pool"] = step.Pool,
            ["status"] = step.Record is { } record ? record.Status.Word() : null,
            ["duration"] = JsonOutput.Seconds(step.Record?.Duration),
        })),
        ["edges"] = JsonOutput.Array(graph.Edges.Select(edge => new JsonObject
        {
            ["from"] = graph.Steps[edge.From].Name,
            ["to"] = graph.Steps[edge.To].Name,
            ["must_succeed"] = edge.MustSucceed,
            ["file"] = edge.File,
        })),
    };
}
