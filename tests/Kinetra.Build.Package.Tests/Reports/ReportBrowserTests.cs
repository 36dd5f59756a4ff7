using System.Text.Json;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Reports;

/// <summary>Reports of real runs, opened in a real browser.</summary>
public sealed class ReportBrowserTests(ReportBrowser browser, ReportRuns runs) : IClassFixture<ReportBrowser>, IClassFixture<ReportRuns>
{
    private const string Rows = "[...document.querySelectorAll('#steps tbody .row')].map(row => row.querySelector('th').textContent)";
    private const string Bars = "[...document.querySelectorAll('#timeline g.row')].map(row => row.querySelector('.name').textContent)";
    private const string ThousandsShown = "document.querySelectorAll('#steps tbody .row').length";

    [Fact]
    public void The_report_of_a_failed_run_says_what_failed_and_its_bars_match_the_state()
    {
        ReportView view = browser.Open(runs.Failed.Report);
        view.SeeAll();

        Assert.Contains("Step \"load\" failed after 2 of 2 attempts: exit code 1", view.Ask("document.querySelector('.failure[data-status=failed]').textContent").GetString());
        Assert.Contains("-p:KinetraResume=true", view.Ask("document.querySelector('.resume code').textContent").GetString());
        AssertBarsMatch(view, runs.Failed.State);
        Assert.Equal(2, view.Ask("document.querySelectorAll('#timeline .operation:not(.legend *)').length").GetInt32());
        Assert.Equal(view.Texts("run.timing.critical_path"), view.Texts("[...document.querySelectorAll('#timeline .row.on-path .name')].map(name => name.textContent)"));
        Assert.Contains("load", view.Texts("run.timing.critical_path"));
        view.Keep("failed-light");
        view.AssertQuiet();
    }

    [Fact]
    public void The_report_of_a_resumed_run_has_bars_for_what_was_run_and_rows_for_all()
    {
        ReportView view = browser.Open(runs.Resumed.Report);
        view.SeeAll();

        AssertBarsMatch(view, runs.Resumed.State);
        RunState state = RunState.Read(runs.Resumed.State);
        Assert.Equal(6, view.Texts(Rows).Length);
        Assert.Equal(
            state.Root.GetProperty("steps").EnumerateArray().Count(step => step.TryGetProperty("resumed_from", out _)),
            view.Ask("document.querySelectorAll('#steps .row .state[data-status=resumed], #steps .row .state[data-status=cached]').length").GetInt32());
        Assert.Contains("did no work in this run", view.Ask("document.querySelector('#timeline').textContent").GetString());
        Assert.Contains($"continues {state.Root.GetProperty("continues").GetString()}", view.Ask("document.querySelector('header').textContent").GetString());
        Assert.Equal(2, view.Ask("document.querySelectorAll('.runs .past').length").GetInt32());
        view.Keep("resumed-light");
        view.AssertQuiet();
    }

    [Fact]
    public void The_report_of_a_thousand_steps_is_complete_and_can_be_used()
    {
        (string report, string state) = runs.Many;
        ReportView view = browser.Open(report);

        AssertBarsMatch(view, state);
        Assert.Equal(100, view.Ask(ThousandsShown).GetInt32());
        view.SeeAll();
        Assert.Contains("too many for a picture", view.Ask("document.querySelector('#graph').textContent").GetString());
        Assert.InRange(view.Ask("document.querySelectorAll('#graph .node').length").GetInt32(), 2, 200);
        view.Click("[data-column=duration]");
        Assert.Equal(100, view.Ask(ThousandsShown).GetInt32());
        view.Keep("thousand-light");
        view.Click("#show-all");
        Assert.Equal(1_000, view.Ask(ThousandsShown).GetInt32());

        view.Type("#search", "s777");
        Assert.Equal(["s777"], view.Texts(Rows));
        Assert.Equal(["s777"], view.Texts(Bars));
        view.AssertQuiet();
    }

    [Fact]
    public void Text_from_steps_stays_text()
    {
        ReportView view = browser.Open(runs.Failed.Report);
        view.SeeAll();

        Assert.Contains(ReportRuns.Hostile, view.Texts(Rows));
        Assert.Contains(view.Texts("[...document.querySelectorAll('#timeline .name, #graph .name, .card .name')].map(name => name.textContent)"), name => name.StartsWith("<script>alert(1)", StringComparison.Ordinal));
        int step = Array.IndexOf(view.Texts("steps.map(step => step.name)"), ReportRuns.Hostile);
        view.Click($"#steps [data-step='{step}'] button");
        string? log = view.Ask($"document.querySelector('[data-details=\"{step}\"] .log').textContent").GetString();
        Assert.Equal("</script><script>alert(2)</script><img src=x onerror=alert(3)>\nred\n\u2028", log);
        Assert.Equal("2.0 <b>", view.Ask("document.querySelector('.metadata dd').textContent").GetString());

        // Nothing of it is an element, and no dialog has opened, which would have failed the commands before.
        Assert.Equal(0, view.Ask("document.querySelectorAll('img, b, header script, main script').length").GetInt32());
        view.AssertQuiet();
    }

    [Fact]
    public void Columns_sort_both_ways_and_unknown_values_come_last()
    {
        ReportView view = browser.Open(runs.Failed.Report);
        JsonElement[] steps = [.. RunState.Read(runs.Failed.State).Root.GetProperty("steps").EnumerateArray()];
        string[] began = [.. steps.Select(step => step.GetProperty("name").GetString()!)];
        Assert.Equal(began, view.Texts(Rows));

        string[] longest = [.. steps.Where(step => step.GetProperty("status").GetString() != "skipped").OrderByDescending(step => step.GetProperty("duration").GetDouble()).Select(step => step.GetProperty("name").GetString()!)];
        view.Click("[data-column=duration]");
        Assert.Equal([.. longest, "publish"], view.Texts(Rows));
        Assert.Equal("descending", view.Ask("document.querySelector('th.duration').getAttribute('aria-sort')").GetString());
        view.Click("[data-column=duration]");
        Assert.Equal([.. longest.Reverse(), "publish"], view.Texts(Rows));
        view.Click("[data-column=duration]");
        Assert.Equal(began, view.Texts(Rows));

        view.Click("[data-column=step]");
        Assert.Equal(began.Order(StringComparer.Ordinal), view.Texts(Rows));
        view.AssertQuiet();
    }

    [Fact]
    public void A_filter_holds_for_table_and_timeline()
    {
        ReportView view = browser.Open(runs.Failed.Report);

        view.Click("[data-kind=failed]");
        Assert.Equal([ReportRuns.Hostile, "load"], view.Texts(Rows).Order(StringComparer.Ordinal));
        Assert.Equal(2, view.Texts(Bars).Length);
        view.Type("#search", "LOA");
        Assert.Equal(["load"], view.Texts(Rows));
        Assert.Equal("1 of 6 steps", view.Ask("document.querySelector('.found').textContent").GetString());
        view.Type("#search", "nothing like it");
        Assert.Empty(view.Texts(Rows));
        view.Click("#steps .none .link");
        Assert.Equal(6, view.Texts(Rows).Length);

        view.Click("[data-kind=path]");
        Assert.Equal(view.Texts("run.timing.critical_path"), view.Texts(Rows));
        view.AssertQuiet();
    }

    [Fact]
    public void A_bar_leads_to_all_that_is_known_of_its_step()
    {
        ReportView view = browser.Open(runs.Failed.Report);
        view.Do("[...document.querySelectorAll('#timeline .row')].find(row => row.querySelector('.name').textContent === 'load').querySelector('.bar').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        string? text = view.Ask("document.querySelector('.details').textContent").GetString();
        Assert.All(["no such table: prices", "Run the migration first.", "exit code 1", "Attempts"], part => Assert.Contains(part, text));
        view.AssertQuiet();
    }

    [Fact]
    public void The_graph_shows_every_step_and_dependency_and_no_box_covers_another()
    {
        ReportView view = browser.Open(runs.Failed.Report);
        view.SeeAll();
        Assert.Equal(
            [ReportRuns.Hostile + " after convert", "convert after download", "load after convert", "load after other data", "publish after load"],
            view.Texts("[...document.querySelectorAll('#graph .edge')].map(edge => edge.dataset.edge.split(' ').map(index => report.graph.nodes[index]).reverse().join(' after '))").Order(StringComparer.Ordinal));
        JsonElement[] boxes = [.. view.Ask("[...document.querySelectorAll('#graph .node .box')].map(box => box.getBoundingClientRect())").EnumerateArray()];
        Assert.Equal(6, boxes.Length);
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.False(
                    Of(boxes[i], "left") < Of(boxes[j], "right") && Of(boxes[j], "left") < Of(boxes[i], "right") && Of(boxes[i], "top") < Of(boxes[j], "bottom") && Of(boxes[j], "top") < Of(boxes[i], "bottom"),
                    $"boxes {i} and {j}");
            }
        }

        Assert.Equal(["completed", "failed", "skipped"], view.Texts("[...new Set([...document.querySelectorAll('#graph .node')].map(node => node.dataset.status))]").Order());
        view.AssertQuiet();
    }

    [Theory]
    [InlineData(false, 1280, "light")]
    [InlineData(true, 1280, "dark")]
    [InlineData(true, 375, "phone-dark")]
    public void All_text_has_the_contrast_of_WCAG_AA(bool isDark, int width, string name)
    {
        ReportView view = browser.Open(runs.Failed.Report, width, isDark);
        OpenEverything(view);
        Assert.Equal(isDark, view.Ask("matchMedia('(prefers-color-scheme: dark)').matches").GetBoolean());
        AssertContrast(view);
        view.Keep($"failed-open-{name}");

        // The switch goes from the system's choice to light, to dark, and back.
        string[] themes = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            view.Click("#theme");
            AssertContrast(view);
            return view.Ask("getComputedStyle(document.documentElement).backgroundColor").GetString()!;
        })];
        Assert.Equal(["rgb(255, 255, 255)", "rgb(21, 24, 28)", isDark ? "rgb(21, 24, 28)" : "rgb(255, 255, 255)"], themes);
        view.AssertQuiet();
    }

    [Fact]
    public void On_a_phone_nothing_is_wider_than_the_screen()
    {
        foreach ((string report, string name) in new[] { (runs.Failed.Report, "failed"), (runs.Many.Report, "thousand") })
        {
            ReportView view = browser.Open(report, width: 375);
            OpenEverything(view);
            Assert.Equal(375, view.Ask("document.documentElement.scrollWidth").GetInt32());
            AssertBarsMatch(view, name == "failed" ? runs.Failed.State : runs.Many.State);
            view.Keep($"{name}-phone");
            view.AssertQuiet();
        }
    }

    [Fact]
    public void On_paper_it_is_light_without_controls_and_with_what_failed_opened()
    {
        ReportView view = browser.Open(runs.Failed.Report, isDark: true);
        byte[] printed = view.Print("failed");
        Assert.Equal("%PDF"u8, printed.AsSpan(0, 4));
        Assert.Equal(2, view.Ask("document.querySelectorAll('#steps .detail').length").GetInt32());

        browser.Emulate("print", isDark: true);
        Assert.Equal("rgb(255, 255, 255)", view.Ask("getComputedStyle(document.documentElement).backgroundColor").GetString());
        Assert.Equal(0, view.Ask("[...document.querySelectorAll('#filter, #theme')].filter(control => control.offsetParent).length").GetInt32());
        AssertContrast(view);
        view.Keep("failed-print");
        view.AssertQuiet();
    }

    private static void OpenEverything(ReportView view)
    {
        view.SeeAll();
        view.Do("document.querySelectorAll('#steps tbody .row [aria-expanded=false]').forEach((button, i) => i < 20 && button.click())");
    }

    // Count, order, places and lengths: the scale is taken from the longest bar, and all others have to fit it within a pixel.
    private static void AssertBarsMatch(ReportView view, string stateFile)
    {
        JsonElement state = RunState.Read(stateFile).Root;
        JsonElement[] steps =
        [
            .. state.GetProperty("steps").EnumerateArray()
                .Where(step => step.GetProperty("status").GetString() != "skipped" && !step.TryGetProperty("resumed_from", out _))
                .OrderBy(step => step.GetProperty("start_time").GetDouble()),
        ];
        (string Name, double Start, double Length)[] expected = [.. steps.SelectMany(step => Attempts(step, state.GetProperty("start_time").GetDouble()))];
        (string Name, double Left, double Width)[] actual =
        [
            .. view.Ask("[...document.querySelectorAll('#timeline g.row .bar')].map(bar => [steps[bar.parentNode.dataset.step].name, bar.getBoundingClientRect().left, bar.getBoundingClientRect().width])").EnumerateArray()
                .Select(bar => (bar[0].GetString()!, bar[1].GetDouble(), bar[2].GetDouble())),
        ];

        Assert.Equal(expected.Select(bar => bar.Name), actual.Select(bar => bar.Name));
        int longest = Array.IndexOf(expected, expected.MaxBy(bar => bar.Length));
        double scale = actual[longest].Width / expected[longest].Length;
        double origin = actual[longest].Left - (expected[longest].Start * scale);
        Assert.InRange(state.GetProperty("total_duration").GetDouble() * scale, 100, view.Ask("document.querySelector('.scroll').clientWidth").GetDouble());
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.InRange(pair.Second.Left, origin + (pair.First.Start * scale) - 1, origin + (pair.First.Start * scale) + 1);
            Assert.InRange(pair.Second.Width, (pair.First.Length * scale) - 1, (pair.First.Length * scale) + 1);
        });
    }

    private static IEnumerable<(string Name, double Start, double Length)> Attempts(JsonElement step, double origin)
    {
        string name = step.GetProperty("name").GetString()!;
        double start = step.GetProperty("start_time").GetDouble() - origin;
        return step.TryGetProperty("attempt_times", out JsonElement attempts)
            ? attempts.EnumerateArray().Select(attempt => (name, start + attempt.GetProperty("start").GetDouble(), attempt.GetProperty("duration").GetDouble()))
            : [(name, start, step.GetProperty("duration").GetDouble())];
    }

    // As https://www.w3.org/TR/WCAG22/#contrast-minimum defines it, from what the browser has computed: 4.5, or 3 for large text.
    private static void AssertContrast(ReportView view)
    {
        string[] poor = view.Texts("""
            const parse = text => (text.match(/[\d.]+/g) || []).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = element => {
              for (let at = element; at; at = at.parentElement) {
                const colour = parse(getComputedStyle(at).backgroundColor);
                if (colour.length === 3 || colour[3] === 1) return colour;
                if (colour[3] > 0) return [NaN];
              }
              return [255, 255, 255];
            };
            const poor = new Set();
            let count = 0;
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const element = walker.currentNode.parentElement;
              if (!walker.currentNode.data.trim() || element.closest('script, noscript, title, datalist') || !element.getClientRects().length) continue;
              const style = getComputedStyle(element);
              const colour = parse(element instanceof SVGElement ? style.fill : style.color);
              const [a, b] = [light(colour), light(behind(element))].sort((x, y) => y - x);
              const ratio = (a + 0.05) / (b + 0.05);
              const size = parseFloat(style.fontSize);
              const least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
              count++;
              if (!(ratio >= least)) poor.add(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute('class')} "${walker.currentNode.data.trim().slice(0, 30)}"`);
            }
            return count < 50 ? ['too little text: ' + count] : [...poor];
            """);
        Assert.Empty(poor);
    }

    private static double Of(JsonElement box, string side) => box.GetProperty(side).GetDouble();
}
