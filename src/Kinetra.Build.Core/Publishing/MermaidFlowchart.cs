using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>
/// Steps and what waits for what as a Mermaid flowchart, which Markdown on GitHub, GitLab and Azure DevOps shows
/// (https://mermaid.js.org/syntax/flowchart.html). Whatever a label says, it is text and nothing else.
/// </summary>
public sealed class MermaidFlowchart
{
    // Each with the colour of its text, so that it can be read on white and on black.
    private static readonly (StepStatus Status, string Style)[] Classes =
    [
        (StepStatus.Running, "fill:#dbeafe,stroke:#2563eb,color:#1e3a8a"),
        (StepStatus.Completed, "fill:#dcfce7,stroke:#16a34a,color:#14532d"),
        (StepStatus.Failed, "fill:#fee2e2,stroke:#dc2626,color:#7f1d1d"),
        (StepStatus.Interrupted, "fill:#fee2e2,stroke:#dc2626,color:#7f1d1d"),
        (StepStatus.Skipped, "fill:#f3f4f6,stroke:#9ca3af,color:#374151"),
        (StepStatus.Cached, "fill:#f0fdf4,stroke:#86efac,color:#14532d"),
    ];

    private readonly StringBuilder _text = new("flowchart LR\n");
    private readonly HashSet<StepStatus> _statuses = [];
    private int _steps;

    /// <summary>Adds a step; they have the numbers 0, 1, 2 … for edges.</summary>
    /// <param name="lines">What stands in its box, line by line.</param>
    /// <param name="status">How it looks; null for a step of which nothing is known.</param>
    /// <param name="isCritical">Whether the workflow fails if it does: a box with corners, else round ones.</param>
    /// <param name="isAlways">Whether it runs last, whatever happened: a box with round ends.</param>
    public void AddStep(IEnumerable<string> lines, StepStatus? status, bool isCritical, bool isAlways = false)
    {
        (string open, string close) = isAlways ? ("([", "])") : isCritical ? ("[", "]") : ("(", ")");
        _text.Append(CultureInfo.InvariantCulture, $"  s{_steps++}{open}\"{string.Join("<br/>", lines.Select(Escape))}\"{close}");
        if (status is { } known)
        {
            _statuses.Add(known);
            _text.Append(":::").Append(known.Word());
        }

        _text.Append('\n');
    }

    /// <summary>Adds that a step waits for another.</summary>
    /// <param name="from">The number of the one that comes first.</param>
    /// <param name="to">The number of the one that waits.</param>
    /// <param name="mustSucceed">Whether the first has to succeed: a thick line.</param>
    /// <param name="label">What stands at the line; null for nothing.</param>
    public void AddEdge(int from, int to, bool mustSucceed = false, string? label = null) =>
        _text.Append(CultureInfo.InvariantCulture, $"  s{from} {(mustSucceed ? "==>" : "-->")}{(label is null ? "" : $"|\"{Escape(label)}\"|")} s{to}\n");

    /// <summary>The chart, with the styles of the statuses that its steps have.</summary>
    public override string ToString() =>
        _text + string.Concat(Classes.Where(known => _statuses.Contains(known.Status)).Select(known => $"  classDef {known.Status.Word()} {known.Style}\n"));

    // By their numbers, which Mermaid makes the characters themselves: within quotes everything else could end the text, or be taken for markup or HTML.
    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                escaped.Append(' ');
            }
            else if (!rune.IsAscii || Rune.IsLetterOrDigit(rune) || rune.Value is '.' or ',' or '-' or '/')
            {
                escaped.Append(rune.ToString());
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            }
        }

        return escaped.ToString();
    }
}
