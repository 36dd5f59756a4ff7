using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Reports;

public sealed class HtmlReportTests
{
    private static readonly string[] Pages = Directory.GetFiles(Repository.PathTo("src", "Kinetra.Build.Core", "Reports", "Page"));

    [Fact]
    public void It_lies_beside_the_run_log_and_is_as_private()
    {
        using ReportScene scene = new();
        scene.Step("a");
        scene.Report();
        Assert.Equal(Path.ChangeExtension(scene.Run.Log.File.Full, ".html"), scene.Run.ReportFile.Full);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixMode.Private, File.GetUnixFileMode(scene.Run.ReportFile.Full));
        }

        Assert.Empty(scene.Project.TemporaryFiles());
    }

    [Fact]
    public void How_the_run_ended_and_why_can_be_read_without_scripts()
    {
        using ReportScene scene = new();
        scene.Step("load", StepStatus.Failed, "Step \"load\" failed: exit code 3.\n  | no such table");
        scene.Step("optional", StepStatus.Failed, "Step \"optional\" failed.", critical: false);
        string page = scene.Report(RunStatus.Failed, "a target failed");
        string text = Regex.Replace(page[page.IndexOf("<header>", StringComparison.Ordinal)..page.IndexOf("</header>", StringComparison.Ordinal)], "<[^>]*>", " ");
        Assert.All(["master", "failed", scene.Run.Id, "took 2.0 s", "Step &quot;load&quot; failed: exit code 3.", "no such table", "optional", "a target failed"], part => Assert.Contains(part, text));
        Assert.Contains("<noscript>", page);
    }

    [Fact]
    public void Of_very_many_failures_the_first_are_told()
    {
        using ReportScene scene = new();
        for (int i = 0; i < 25; i++)
        {
            scene.Step($"s{i}", StepStatus.Failed, $"Step s{i} failed.", critical: false);
        }

        string page = scene.Report();
        Assert.Equal(10, page.Split("<div class=\"failure\"").Length - 1);
        Assert.Contains("And 15 more", page);
    }

    [Fact]
    public void Its_policy_allows_its_own_scripts_alone_and_no_request()
    {
        using ReportScene scene = new();
        scene.Graphs.Add(StepGraph.Create(scene.Project.Folder.Root, [new GraphStep("a")], []));
        scene.Step("a");
        string page = scene.Report();
        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        Assert.StartsWith("default-src 'none';", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("http", policy);

        string[] scripts = [.. Regex.Matches(page, "(?s)<script>(.*?)</script>").Select(match => match.Groups[1].Value)];
        Assert.Equal(ReportPage.Scripts.Length + 1, scripts.Length);
        Assert.All(scripts, script => Assert.Contains(Hash(script), Directive(policy, "script-src")));
        string style = Assert.Single(Regex.Matches(page, "(?s)<style>(.*?)</style>").Select(match => match.Groups[1].Value));
        Assert.Contains(Hash(style), Directive(policy, "style-src"));
        Assert.DoesNotMatch(@"(?i)<[^>]*\s(on\w+|style|src)\s*=", page.Replace(ReportScene.DataTextOf(page), "")[..page.IndexOf("<script", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Without_a_graph_the_layout_is_left_out()
    {
        using ReportScene scene = new();
        scene.Step("a");
        Assert.DoesNotContain("dagrejs", scene.Report());
    }

    [Fact]
    public void Its_scripts_make_no_markup_of_text_and_ask_nobody()
    {
        string[] own = [.. Pages.Where(page => page.EndsWith(".js", StringComparison.Ordinal) && Path.GetFileName(page) != LayoutScript.File)];
        Assert.Equal(ReportPage.Scripts.Order(), own.Select(page => Path.GetFileName(page)).Order());
        Assert.All(own, page => Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|\bfetch\(|XMLHttpRequest|WebSocket|import\(", File.ReadAllText(page)));
        Assert.All(Pages, page =>
        {
            string text = File.ReadAllText(page);
            Assert.DoesNotMatch("(?i)</(script|style)", text);
            Assert.DoesNotMatch(@"sourceMappingURL|@import|url\((?!#)", text);
            Assert.DoesNotContain(text, character => character < ' ' && character != '\n');
        });
    }

    [Fact]
    public void What_is_not_ours_says_whose_it_is()
    {
        string page = File.ReadAllText(Repository.PathTo("src", "Kinetra.Build.Core", "Reports", "Page", LayoutScript.File));
        Assert.StartsWith("/*! @dagrejs/dagre 3.1.3", page);
        Assert.Contains("Permission is hereby granted, free of charge", page);
        Assert.Contains("@dagrejs/dagre 3.1.3", File.ReadAllText(Repository.PathTo("THIRD-PARTY-NOTICES.md")));
    }

    [Fact]
    public void One_that_cannot_be_written_is_a_coded_problem_and_the_run_stays_as_it_is()
    {
        using ReportScene scene = new();
        scene.Step("a");
        scene.Run.Finish(RunStatus.Completed);
        Directory.CreateDirectory(scene.Run.ReportFile.Full);
        KinetraException error = scene.Project.Fails(DiagnosticCodes.ReportNotWritten, () => HtmlReport.Write(new ReportSource(scene.Run, [], scene.History)));
        Assert.Contains($"workflow_{scene.Run.Id}.html", error.Message);
        Assert.Contains("KinetraReport=false", error.Message);
        Assert.Equal(RunStatus.Completed, scene.Run.Status);
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Directive(string policy, string name) => policy.Split(';').Select(part => part.Trim()).Single(part => part.StartsWith(name + " ", StringComparison.Ordinal));
}
