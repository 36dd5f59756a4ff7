using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace Kinetra.Build.Core.Tests.Publishing;

/// <summary>The summary of a run for CI services, read by a Markdown parser.</summary>
public sealed partial class MarkdownSummaryTests : IDisposable
{
    private static readonly MarkdownPipeline GitHubLike = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseEmojiAndSmiley().Build();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_has_each_step_with_its_end_its_attempts_and_why()
    {
        Table table = Parse(PublishedRuns.OfEverything()).Descendants<Table>().Single();

        string[][] rows = [.. table.Cast<TableRow>().Skip(1).Select(row => row.Cast<TableCell>().Select(Text).ToArray())];
        Assert.Equal(8, rows.Length);
        Assert.Equal(["✅ completed", "good", "1.1 s", "1", ""], rows[0]);
        Assert.Equal("good #2", rows[1][1]);
        Assert.Equal(["❌ failed", "bad", "1.1 s", "1", "Step \"bad\" failed after 1 of 1 attempts: exit code 3."], rows[2]);
        Assert.Equal("⚠️ failed (not critical)", rows[3][0]);
        Assert.Equal(["⏭️ skipped", "left out", "", "", "why left out"], rows[5]);
        Assert.Equal("♻️ cached", rows[6][0]);
        Assert.Equal(OneLine(PublishedRuns.Nasty), rows[7][1]);
    }

    [Fact]
    public void A_name_is_text_and_nothing_else()
    {
        string[] names = [PublishedRuns.Nasty, "**bold** _it_ ~~no~~ `code`", "[a](http://x) <http://y> http://z www.w.example ![i](j)", "@octocat #1 :smile: $x^2$ &amp; \\", "| a | b |", "</pre><b>x</b>", "- x", "1. x", "> x", "# x", "--- \"q\" ... 'r' (c) (tm)"];
        PublishedRun run = PublishedRuns.Run(RunStatus.Failed, [.. names.Select(name => PublishedRuns.Step(name, StepStatus.Failed, name))]) with { Workflow = names[1], Error = names[2] };
        MarkdownDocument page = Parse(run);

        Assert.Equal(names.Select(OneLine), page.Descendants<Table>().Single().Cast<TableRow>().Skip(1).Select(row => Text((TableCell)row[1])));
        Assert.Empty(page.Descendants<LinkInline>());
        Assert.Empty(page.Descendants<AutolinkInline>());
        Assert.Empty(page.Descendants<HtmlInline>());
        Assert.Empty(page.Descendants<EmphasisInline>());
        Assert.Empty(page.Descendants<CodeInline>());
        Assert.All(page.Descendants<HtmlBlock>(), block => Assert.Matches("^<pre>[^<>]*</pre>$", block.Lines.ToString().Trim()));
        Assert.Equal(10, page.Descendants<HtmlBlock>().Count());
        Assert.Contains("and 1 more errors.", MarkdownSummary.Compose(run, 1_000_000)!);
    }

    [Fact]
    public void The_graph_shows_what_waited_for_what()
    {
        PublishedRun run = PublishedRuns.OfEverything() with { Links = [(0, 2), (1, 2), (2, 5)] };

        FencedCodeBlock chart = Parse(run).Descendants<FencedCodeBlock>().Single();

        Assert.Equal("mermaid", chart.Info);
        string[] lines = [.. chart.Lines.ToString().Split('\n').Select(line => line.Trim())];
        Assert.Equal("flowchart LR", lines[0]);
        Assert.Contains("s2[\"✗ bad\"]:::failed", lines);
        Assert.Contains("s6[\"↺ known\"]:::cached", lines);
        Assert.Contains("s3(\"✗ optional\"):::failed", lines);
        Assert.Equal(["s0 --> s2", "s1 --> s2", "s2 --> s5"], lines.Where(line => line.Contains("-->", StringComparison.Ordinal)));

        // Quotes, brackets, markup and entities are numbers.
        Assert.All(lines.Where(line => line.Contains('"', StringComparison.Ordinal)), line => Assert.Matches("""^s\d+[\[(]"[^"\[\](){}<>`|;]*(#\d+;[^"\[\](){}<>`|;]*)*"[\])]:::[a-z]+$""", line));
    }

    [Fact]
    public void A_graph_that_could_not_be_drawn_is_left_out()
    {
        PublishedStep[] steps = [.. Enumerable.Range(0, 500).Select(i => PublishedRuns.Step($"step {i}"))];

        Assert.Empty(Parse(PublishedRuns.Run(RunStatus.Completed, steps) with { Links = [.. Enumerable.Range(1, 499).Select(i => (i - 1, i))] }).Descendants<FencedCodeBlock>());
        Assert.Empty(Parse(PublishedRuns.Run(RunStatus.Completed, steps[..1])).Descendants<FencedCodeBlock>());
        Assert.Single(Parse(PublishedRuns.Run(RunStatus.Completed, steps[..300]) with { Links = [(0, 1)] }).Descendants<FencedCodeBlock>());
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(100_000)]
    [InlineData(1_048_576)]
    public void It_is_never_larger_than_it_may_be(int limit)
    {
        PublishedStep[] steps = [.. Enumerable.Range(0, 20_000).Select(i => PublishedRuns.Step($"step {i} ü", i % 100 == 0 ? StepStatus.Failed : StepStatus.Completed, i % 100 == 0 ? new string('|', 300) : null))];
        PublishedRun run = PublishedRuns.Run(RunStatus.Failed, steps);

        string page = MarkdownSummary.Compose(run, limit)!;

        Assert.InRange(Encoding.UTF8.GetByteCount(page), limit / 2, limit);
        int rows = Markdown.Parse(page, GitHubLike).Descendants<Table>().Single().Count - 1;
        Assert.Contains($"\n{20_000 - rows} more steps are left out here", page);
        Assert.Null(MarkdownSummary.Compose(run, 200));
    }

    [Fact]
    public void It_is_added_to_what_others_have_written_as_long_as_there_is_room()
    {
        FilePath file = FilePath.Resolve(_folder.Root, "summary.md");
        _folder.Write("summary.md", "# before\n" + new string('x', 900_000));
        PublishedRun run = PublishedRuns.Run(RunStatus.Completed, [.. Enumerable.Range(0, 5_000).Select(i => PublishedRuns.Step($"step {i}"))]);

        SummaryFile.Append(file, run);

        string content = _folder.Read("summary.md");
        Assert.StartsWith("# before\n", content);
        Assert.Contains("### ✅ master: completed", content);
        Assert.InRange(new FileInfo(file.Full).Length, 1_000_000, SummaryFile.GitHubLimit);
        KinetraException full = Assert.Throws<KinetraException>(() => SummaryFile.Append(file, run));
        Assert.Equal(DiagnosticCodes.SummaryUnwritable, full.Code);
        Assert.Equal(content, _folder.Read("summary.md"));
        Assert.Equal(DiagnosticCodes.SummaryUnwritable, Assert.Throws<KinetraException>(() => SummaryFile.Append(FilePath.Resolve(_folder.Root, "none/summary.md"), run)).Code);
    }

    [Fact]
    public async Task Several_writers_do_not_overwrite_each_other()
    {
        FilePath file = FilePath.Resolve(_folder.Root, "summary.md");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => SummaryFile.Append(file, PublishedRuns.Run(RunStatus.Completed) with { Workflow = $"w{i}" }))));

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"w{i}"), Heading().Matches(_folder.Read("summary.md")).Select(match => match.Groups[1].Value).Order());
    }

    private static MarkdownDocument Parse(PublishedRun run) => Markdown.Parse(MarkdownSummary.Compose(run, 1_000_000)!, GitHubLike);

    private static string Text(TableCell cell) => string.Concat(cell.Descendants<LeafInline>().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        _ => throw new InvalidOperationException(inline.GetType().Name),
    }));

    private static string OneLine(string text) => WebUtility.HtmlDecode(Blank().Replace(text.Replace("&", "&amp;", StringComparison.Ordinal), " ")).Trim();

    [GeneratedRegex(@"[\0-\x20\u2028]")]
    private static partial Regex Blank();

    [GeneratedRegex(@"### ✅ (w\d)")]
    private static partial Regex Heading();
}
