using System.Globalization;
using System.Text;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>A run as a page of Markdown: how it ended, what failed and why, a table of its steps, and their graph.</summary>
public static class MarkdownSummary
{
    // The rest is in the log; a page that is all errors is read by nobody.
    private const int MostErrors = 10;
    private const int LongestError = 4_000;

    // What may still come behind the table.
    private const int Reserve = 200;

    // More boxes are folded up at first.
    private const int LargeGraph = 40;

    /// <summary>The page.</summary>
    /// <param name="run">The run.</param>
    /// <param name="limit">How many bytes it may have in UTF-8. What does not fit is left out, the graph first, then rows of the table.</param>
    /// <returns>Null if not even its beginning fits.</returns>
    public static string? Compose(PublishedRun run, long limit)
    {
        StringBuilder page = new();
        AddHead(page, run);
        long size = Size(page);
        if (size + Reserve > limit)
        {
            return null;
        }

        StringBuilder errors = new();
        AddErrors(errors, run);
        if (size + Size(errors) + Reserve <= limit)
        {
            page.Append(errors);
            size += Size(errors);
        }

        AddTable(page, run, limit - Reserve, ref size);
        string graph = Graph(run);
        if (size + Encoding.UTF8.GetByteCount(graph) <= limit)
        {
            page.Append(graph);
        }

        return page.ToString();
    }

    private static void AddHead(StringBuilder page, PublishedRun run)
    {
        string mark = run.Status switch
        {
            RunStatus.Completed => "✅",
            RunStatus.Interrupted => "⏹️",
            _ => "❌",
        };
        page.Append(CultureInfo.InvariantCulture, $"### {mark} {MarkdownText.Line(run.Workflow)}: {run.Status.Word()}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Run {MarkdownText.Line(run.Id)} · {Duration.Format(run.Duration)} · {run.Steps.Count} {(run.Steps.Count == 1 ? "step" : "steps")}");
        string separator = ": ";
        foreach (IGrouping<string, PublishedStep> some in run.Steps.GroupBy(Word))
        {
            page.Append(CultureInfo.InvariantCulture, $"{separator}{some.Count()} {some.Key}");
            separator = ", ";
        }

        page.Append(run.ContinuesId is null ? "\n\n" : $" · continues run {MarkdownText.Line(run.ContinuesId)}\n\n");
        if (run.Error is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Line(Cut(run.Error))}\n\n");
        }
    }

    private static void AddErrors(StringBuilder page, PublishedRun run)
    {
        int count = 0;
        foreach (PublishedStep step in run.Steps)
        {
            if (step.Error is not null && count++ < MostErrors)
            {
                page.Append(CultureInfo.InvariantCulture, $"<pre>{MarkdownText.Block(Cut(step.Error)).TrimEnd('\n')}</pre>\n\n");
            }
        }

        if (count > MostErrors)
        {
            page.Append(CultureInfo.InvariantCulture, $"and {count - MostErrors} more errors.\n\n");
        }
    }

    private static void AddTable(StringBuilder page, PublishedRun run, long limit, ref long size)
    {
        if (run.Steps.Count == 0)
        {
            return;
        }

        StringBuilder row = new("| | Step | Duration | Attempts | |\n|:--|:--|--:|--:|:--|\n");
        for (int i = 0; ; i++)
        {
            long length = Size(row);
            if (size + length > limit)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n{run.Steps.Count - Math.Max(i - 1, 0)} more steps are left out here; the state file has them all.\n");
                break;
            }

            page.Append(row);
            size += length;
            if (i == run.Steps.Count)
            {
                break;
            }

            PublishedStep step = run.Steps[i];
            string attempts = step.WasRun ? step.Attempts.ToString(CultureInfo.InvariantCulture) : "";
            string note = step.WasRun ? step.FirstLine ?? "" : step.Reason ?? "";
            row.Clear().Append(CultureInfo.InvariantCulture, $"| {Mark(step)} {Word(step)} | {MarkdownText.Line(step.Label)} | {(step.WasRun ? Duration.Format(step.Duration) : "")} | {attempts} | {MarkdownText.Line(Cut(note))} |\n");
        }

        page.Append('\n');
        size++;
    }

    private static string Graph(PublishedRun run)
    {
        if (MermaidGraph.Draw(run) is not { } chart)
        {
            return "";
        }

        string fenced = $"```mermaid\n{chart}```\n\n";
        return run.Steps.Count <= LargeGraph ? fenced : $"<details><summary>Graph</summary>\n\n{fenced}</details>\n\n";
    }

    private static string Word(PublishedStep step) => step switch
    {
        { Status: StepStatus.Completed, WasRun: false } => "completed before",
        { Status: StepStatus.Failed, IsCritical: false } => "failed (not critical)",
        _ => step.Status.Word(),
    };

    private static string Mark(PublishedStep step) => step switch
    {
        { Status: StepStatus.Cached } or { Status: StepStatus.Completed, WasRun: false } => "♻️",
        { Status: StepStatus.Completed } => "✅",
        { Status: StepStatus.Skipped } => "⏭️",
        { Status: StepStatus.Interrupted } => "⏹️",
        { IsCritical: false } => "⚠️",
        _ => "❌",
    };

    private static string Cut(string text) => text.Length <= LongestError ? text : text[..(char.IsHighSurrogate(text[LongestError - 1]) ? LongestError - 1 : LongestError)] + " …";

    private static int Size(StringBuilder text) => Encoding.UTF8.GetByteCount(text.ToString());
}
