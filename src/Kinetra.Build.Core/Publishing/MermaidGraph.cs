using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>The steps of a run and what waited for what, as a Mermaid flowchart.</summary>
internal static class MermaidGraph
{
    // Mermaid refuses more than 500 edges and 50,000 characters by default, and nobody could read as much.
    private const int MostLinks = 400;
    private const int MostCharacters = 40_000;

    // Edges of boxes and no areas, so that it can be read on light and dark.
    private const string Classes = """
          classDef completed stroke:#1a7f37,stroke-width:2px
          classDef failed stroke:#cf222e,stroke-width:4px
          classDef interrupted stroke:#cf222e,stroke-width:2px,stroke-dasharray:4 3
          classDef skipped stroke:#8c959f,stroke-width:2px,stroke-dasharray:4 3
          classDef cached stroke:#0969da,stroke-width:2px

        """;

    /// <summary>The flowchart.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Null if it would be too large to be drawn, or has fewer than two steps.</returns>
    public static string? Draw(PublishedRun run)
    {
        if (run.Steps.Count < 2 || run.Links.Count > MostLinks)
        {
            return null;
        }

        StringBuilder chart = new("flowchart LR\n");
        for (int i = 0; i < run.Steps.Count; i++)
        {
            PublishedStep step = run.Steps[i];
            chart.Append(CultureInfo.InvariantCulture, $"  s{i}[\"{Mark(step)} {Label(step.Label)}\"]:::{(step.WasRun || step.Status is StepStatus.Skipped ? step.Status.Word() : "cached")}\n");
        }

        foreach ((int from, int to) in run.Links)
        {
            chart.Append(CultureInfo.InvariantCulture, $"  s{from} --> s{to}\n");
        }

        chart.Append(Classes.ReplaceLineEndings("\n"));
        return chart.Length <= MostCharacters ? chart.ToString() : null;
    }

    private static string Mark(PublishedStep step) => step.Status switch
    {
        StepStatus.Completed => "✓",
        StepStatus.Cached => "↺",
        StepStatus.Skipped => "–",
        _ => "✗",
    };

    // By their numbers, which Mermaid makes the characters themselves: quotes, its own markup, and HTML.
    private static string Label(string name)
    {
        StringBuilder label = new();
        foreach (char character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || character is ' ' or '.' or '-' or '_' or '/' or ',')
            {
                label.Append(character);
            }
            else if (character < 128)
            {
                label.Append(character < ' ' || character == 127 ? " " : string.Create(CultureInfo.InvariantCulture, $"#{(int)character};"));
            }
            else
            {
                label.Append(char.IsWhiteSpace(character) ? ' ' : character);
            }
        }

        return label.ToString();
    }
}
