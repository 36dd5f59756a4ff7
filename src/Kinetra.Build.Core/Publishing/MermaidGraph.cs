using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>The steps of a run and what waited for what, as a Mermaid flowchart.</summary>
internal static class MermaidGraph
{
    // Mermaid refuses more than 500 edges and 50,000 characters by default, and nobody could read as much.
    private const int MostLinks = 400;
    private const int MostCharacters = 40_000;

    /// <summary>The flowchart.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Null if it would be too large to be drawn, or has fewer than two steps.</returns>
    public static string? Draw(PublishedRun run)
    {
        if (run.Steps.Count < 2 || run.Links.Count > MostLinks)
        {
            return null;
        }

        MermaidFlowchart chart = new();
        foreach (PublishedStep step in run.Steps)
        {
            // What was completed in a run before looks as if it came from the cache.
            chart.AddStep([$"{Mark(step)} {step.Label}"], step.WasRun || step.Status is StepStatus.Skipped ? step.Status : StepStatus.Cached, step.IsCritical);
        }

        foreach ((int from, int to) in run.Links)
        {
            chart.AddEdge(from, to);
        }

        string text = chart.ToString();
        return text.Length <= MostCharacters ? text : null;
    }

    private static string Mark(PublishedStep step) => step.Status switch
    {
        StepStatus.Completed => "✓",
        StepStatus.Cached => "↺",
        StepStatus.Skipped => "–",
        _ => "✗",
    };
}
