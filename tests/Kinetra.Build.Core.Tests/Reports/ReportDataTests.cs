using System.Text.Json;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Reports;

public sealed class ReportDataTests
{
    public static TheoryData<string> HostileTexts =>
    [
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "</SCRIPT ><!--",
        "<!--<script>",
        "]]>-->'\"`${alert(1)}",
        "\u2028alert(1)\u2029",
        "a\0b\u001b[31mred\u001b[0m\uFEFF",
        "lone \uD800 surrogate",
        "ünïcödé 数据 𝒳 &amp; &#60;script&#62;",
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Text_from_steps_stays_text_wherever_it_comes_from(string text)
    {
        using ReportScene scene = new(metadata: ("key" + text, text));
        scene.Step(text, StepStatus.Failed, $"failed: {text}\nmore: {text}", log: $"output {text}\n");
        string page = scene.Report(RunStatus.Failed, $"error {text}", resume: $"dotnet build '{text}'");

        string data = ReportScene.DataTextOf(page);
        Assert.DoesNotContain(data, character => character is '<' or '>' or '&' or > '\u007e' or < ' ');
        JsonElement read = ReportScene.DataOf(page);

        // A surrogate alone is no character.
        string whole = text.Replace("\uD800", "\uFFFD");
        JsonElement step = Assert.Single(read.GetProperty("steps").EnumerateArray());
        Assert.Equal(whole, step.GetProperty("name").GetString());
        Assert.Equal($"failed: {whole}\nmore: {whole}", step.GetProperty("error").GetString());
        Assert.Equal($"output {whole}", step.GetProperty("log_tail").GetString());
        Assert.Equal(whole, read.GetProperty("run").GetProperty("metadata").GetProperty("key" + whole).GetString());
        Assert.Equal($"dotnet build '{whole}'", read.GetProperty("resume_command").GetString());

        // Outside of the data, the page has as many elements as one with harmless text.
        Assert.Equal(Tags(Harmless()), Tags(page));
    }

    [Fact]
    public void A_workflow_with_a_hostile_name_has_a_harmless_page()
    {
        using ReportScene scene = new("</title><script>alert(1)</script>");
        scene.Step("a");
        string page = scene.Report();
        Assert.Contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;: completed", page);
        Assert.Equal(1, Count(page, "</title>"));
    }

    [Fact]
    public void Steps_are_as_in_the_state_and_in_its_order()
    {
        using ReportScene scene = new();
        scene.Step("first", seconds: 2.5);
        scene.Step("second", StepStatus.Failed, "it broke", critical: false);
        scene.Run.Skip("third", scene.Run.Reserve("third"), true, "because");
        string page = scene.Report();

        JsonElement state = JsonDocument.Parse(File.ReadAllBytes(scene.Run.StateFile.Full)).RootElement;
        JsonElement data = ReportScene.DataOf(page);
        Assert.Equal(ReportData.Version, data.GetProperty("version").GetInt32());
        Assert.All(["workflow_name", "workflow_id", "status", "start_time", "total_duration", "error", "log_file", "continues"], name =>
            Assert.True(JsonElement.DeepEquals(state.GetProperty(name), data.GetProperty("run").GetProperty(name)), name));
        Assert.Equal(3, data.GetProperty("steps").GetArrayLength());
        foreach ((JsonElement expected, JsonElement actual) in state.GetProperty("steps").EnumerateArray().Zip(data.GetProperty("steps").EnumerateArray()))
        {
            Assert.All(expected.EnumerateObject(), field => Assert.True(JsonElement.DeepEquals(field.Value, actual.GetProperty(field.Name)), field.Name));
        }
    }

    [Fact]
    public void The_end_of_a_long_log_is_shown_in_whole_lines_and_of_failures_only()
    {
        using ReportScene scene = new();
        string lines = string.Concat(Enumerable.Range(1, 5_000).Select(i => $"line {i}\n"));
        scene.Step("good", log: lines);
        scene.Step("bad", StepStatus.Failed, "x", log: lines);
        scene.Step("wide", StepStatus.Failed, "x", log: new string('x', 100_000));
        scene.Step("gone", StepStatus.Failed, "x", log: "x");
        File.Delete(scene.Run.OutputOf(scene.Run.Steps[3], 1).Full);
        JsonElement[] steps = [.. ReportScene.DataOf(scene.Report(RunStatus.Failed)).GetProperty("steps").EnumerateArray()];

        Assert.False(steps[0].TryGetProperty("log_tail", out _));
        string[] tail = steps[1].GetProperty("log_tail").GetString()!.Split('\n');
        Assert.Equal(Enumerable.Range(5_001 - ReportData.MostTailLines, ReportData.MostTailLines).Select(i => $"line {i}"), tail);
        Assert.Equal(ReportData.MostTailBytes, steps[2].GetProperty("log_tail").GetString()!.Length);
        Assert.False(steps[3].TryGetProperty("log_tail", out _));
    }

    [Fact]
    public void A_failure_is_compared_with_the_last_success()
    {
        using ReportScene scene = new();
        Step(scene, "old", StepStatus.Completed, 2);
        string last = scene.Run.Id;
        scene.Next();
        Step(scene, "new", StepStatus.Failed, 5);
        JsonElement success = ReportScene.DataOf(scene.Report(RunStatus.Failed)).GetProperty("steps")[0].GetProperty("last_success");
        Assert.Equal(last, success.GetProperty("run").GetString());
        Assert.Equal(2, success.GetProperty("duration").GetDouble());
        Assert.Equal("command changed: old → new", success.GetProperty("changes").GetString());
    }

    [Fact]
    public void Without_a_graph_the_past_is_that_of_earlier_runs()
    {
        using ReportScene scene = new();
        for (int i = 1; i <= 3; i++)
        {
            scene.Step("a", seconds: i);
            scene.Step("b", i == 2 ? StepStatus.Failed : StepStatus.Completed, i == 2 ? "x" : null, critical: false, seconds: 10 * i);
            scene.Next();
        }

        scene.Step("a", seconds: 7);
        scene.Step("b");
        JsonElement data = ReportScene.DataOf(scene.Report());
        Assert.Equal([1, 2, 3], Past(data, 0));
        Assert.Equal([10, 30], Past(data, 1));
        Assert.Equal([11, 22, 33], data.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("duration").GetDouble()));
        Assert.False(data.TryGetProperty("graph", out _));
    }

    [Fact]
    public void With_a_graph_the_past_is_that_of_the_history_without_this_run()
    {
        using ReportScene scene = new();
        scene.Graphs.Add(StepGraph.Create(scene.Project.Folder.Root, [new GraphStep("a"), new GraphStep("b") { DependsOn = ["a"] }, new GraphStep("c") { DependsOn = ["a!", "b"] }], []));
        DurationHistory history = scene.History;
        history.Add("a", 1, TimeSpan.FromSeconds(3));
        history.Add("a", 2, TimeSpan.FromSeconds(4));
        StepRecord step = scene.Step("a", seconds: 5.123456);
        history.Add("a", 3, step.Duration!.Value);
        history.Add("b", 2, TimeSpan.FromSeconds(9));
        history.Save();
        scene.Step("b", StepStatus.Failed, "x");
        JsonElement data = ReportScene.DataOf(scene.Report(RunStatus.Failed));

        Assert.Equal([3, 4], Past(data, 0));
        Assert.Equal([9], Past(data, 1));
        Assert.Equal(["a", "b", "c"], data.GetProperty("graph").GetProperty("nodes").EnumerateArray().Select(node => node.GetString()));
        Assert.Equal(["0 1", "0 2", "1 2"], data.GetProperty("graph").GetProperty("edges").EnumerateArray().Select(edge => $"{edge[0]} {edge[1]}").Order());
    }

    [Fact]
    public void What_the_run_that_is_continued_has_done_is_past()
    {
        using ReportScene scene = new();
        scene.Graphs.Add(StepGraph.Create(scene.Project.Folder.Root, [new GraphStep("a")], []));
        DurationHistory history = scene.History;
        history.Add("a", 1, scene.Step("a", seconds: 3).Duration!.Value);
        history.Save();
        scene.Next(resume: true);
        scene.Run.TakeOver(scene.Run.Prior("a", 1)!, true, "nothing has changed");

        Assert.Equal([3], Past(ReportScene.DataOf(scene.Report()), 0));
    }

    [Fact]
    public void An_earlier_run_that_cannot_be_read_only_ends_the_past()
    {
        using ReportScene scene = new();
        scene.Step("a");
        scene.Next();
        scene.Step("a");
        string damaged = scene.Run.Id;
        scene.Next();
        File.WriteAllText(scene.Project.Folder[$"{TestProject.State}/{damaged}.journal"], "nonsense");
        scene.Step("a");
        JsonElement data = ReportScene.DataOf(scene.Report());
        Assert.Equal(0, data.GetProperty("runs").GetArrayLength());
        Assert.False(data.GetProperty("steps")[0].TryGetProperty("history", out _));
    }

    private static void Step(ReportScene scene, string command, StepStatus status, double seconds)
    {
        Fingerprint made = Fingerprint.Of([new Component("command", TestProject.Sha256(command), command)]);
        StepRecord step = scene.Run.Begin("a", scene.Run.Reserve("a"), true, made, "why");
        scene.Project.Time.Advance(TimeSpan.FromSeconds(seconds));
        scene.Run.End(step, status, 1, 0, status == StepStatus.Failed ? "it broke" : null, null);
    }

    private static IEnumerable<double> Past(JsonElement data, int step) => data.GetProperty("steps")[step].GetProperty("history").EnumerateArray().Select(seconds => seconds.GetDouble());

    private static string Harmless()
    {
        using ReportScene scene = new(metadata: ("key", "value"));
        scene.Step("name", StepStatus.Failed, "failed: name\nmore: name", log: "output\n");
        return scene.Report(RunStatus.Failed, "error", resume: "dotnet build");
    }

    private static int Tags(string page) => page.Replace(ReportScene.DataTextOf(page), "").Count(character => character is '<');

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
