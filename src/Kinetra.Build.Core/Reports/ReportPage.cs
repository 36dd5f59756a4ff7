using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>
/// The page around the data. Its head and its scripts are the same for every run, and the content security policy allows these alone, by
/// their SHA-256 (which the build puts into <c>PageHashes</c>): whatever a step's name or output might smuggle in would not run. What
/// matters most, how the run ended and why, is written as plain text, for readers without scripts.
/// </summary>
internal static class ReportPage
{
    private const int MostFailures = 10;

    /// <summary>The scripts in their order; the layout of graphs, which is the largest, comes first and only if there is a graph.</summary>
    public static readonly string[] Scripts = ["base.js", "theme.js", "filter.js", "timeline.js", "details.js", "table.js", "graph.js", "history.js", "main.js"];

    /// <summary>Writes the page.</summary>
    /// <param name="page">Where.</param>
    /// <param name="run">The run.</param>
    /// <param name="hasGraph">Whether a graph is to be drawn.</param>
    /// <param name="writeData">Writes the data: JSON in which no <c>&lt;</c> stands.</param>
    public static void Write(IBufferWriter<byte> page, WorkflowRun run, bool hasGraph, Action<IBufferWriter<byte>> writeData)
    {
        string word = run.Status.Word();
        Text(page, $"""
            <!DOCTYPE html>
            <html lang="en" data-status="{word}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src {PageHashes.Style}; script-src {PageHashes.Scripts}; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{Escape(run.Workflow)}: {word} ({run.Id})</title>
            <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 3h8v3H2zm3 4h9v3H5zm-2 4h7v3H3z' fill='%23{IconColour(run.Status)}'/%3E%3C/svg%3E">
            <style>
            """);
        Resource(page, "report.css");
        Text(page, "</style>\n</head>\n<body>\n");
        Text(page, Header(run, word));
        Text(page, "<main id=\"main\"></main>\n<noscript><p class=\"note\">The timeline, the table and the graph need JavaScript.</p></noscript>\n<script type=\"application/json\" id=\"data\">");
        writeData(page);
        Text(page, "</script>\n");
        foreach (string script in hasGraph ? [LayoutScript.File, .. Scripts] : Scripts)
        {
            Text(page, "<script>");
            Resource(page, script);
            Text(page, "</script>\n");
        }

        Text(page, "</body>\n</html>\n");
    }

    private static string Header(WorkflowRun run, string word)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"""
            <header>
            <div class="title"><h1>{Escape(run.Workflow)}</h1><span class="status" data-status="{word}">{word}</span></div>
            <p class="facts">Run {run.Id} · began {run.StartTime.ToString("u", CultureInfo.InvariantCulture)[..^1]} UTC · took {Duration.Format(run.Duration ?? TimeSpan.Zero)}{(run.ContinuesId is { } continued ? $" · continues {continued}" : "")}</p>

            """);
        IReadOnlyList<StepRecord> steps = run.Steps;
        int shown = AppendFailures(html, steps, isCritical: true, 0);
        int all = AppendFailures(html, steps, isCritical: false, shown);
        if (all > MostFailures)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">And {all - MostFailures} more, which the table below has.</p>\n");
        }

        if (run.Error is { } error && run.Status != RunStatus.Completed)
        {
            (string first, string others) = Parts(error);
            AppendFailure(html, word, "", first, others);
        }

        return html.Append("</header>\n").ToString();
    }

    // What ended the run comes before what it could do without.
    private static int AppendFailures(StringBuilder html, IReadOnlyList<StepRecord> steps, bool isCritical, int count)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            StepRecord step = steps[i];
            if (step.IsCritical == isCritical && step.Status is StepStatus.Failed or StepStatus.Interrupted && ++count <= MostFailures)
            {
                (string first, string others) = Parts(step.Error ?? $"Step \"{step.Name}\" was interrupted.");
                AppendFailure(html, isCritical ? step.Status.Word() : "tolerated", $" data-step=\"{i}\"", first, others);
            }
        }

        return count;
    }

    private static void AppendFailure(StringBuilder html, string word, string step, string first, string others) =>
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"failure\"{step} data-status=\"{word}\"><p>{Escape(first)}</p>{(others.Length > 0 ? $"<pre>{Escape(others)}</pre>" : "")}</div>\n");

    private static (string First, string Others) Parts(string text)
    {
        int end = text.IndexOf('\n');
        return end < 0 ? (text, "") : (text[..end], text[(end + 1)..]);
    }

    private static string IconColour(RunStatus status) => status switch
    {
        RunStatus.Completed => "2f855a",
        RunStatus.Failed => "c53030",
        _ => "b7791f",
    };

    private static string Escape(string text) => HtmlEncoder.Default.Encode(text);

    private static void Text(IBufferWriter<byte> page, string text) => Encoding.UTF8.GetBytes(text, page);

    private static void Resource(IBufferWriter<byte> page, string name)
    {
        using Stream content = typeof(ReportPage).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(name);
        for (int length = content.Read(page.GetSpan()); length > 0; length = content.Read(page.GetSpan()))
        {
            page.Advance(length);
        }
    }
}
