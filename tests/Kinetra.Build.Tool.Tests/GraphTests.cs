using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class GraphTests(RecordedProject project)
{
    // Names that would end a string, begin an escape or markup, or be a keyword.
    private static readonly string[] Nasty =
        ["end", "a\"b", "<script>alert(1)</script>", "back\\slash", "\\N", "#quot", "`code`", "[x]", "{y}", "pipe|pipe", "ünïcode ✓", "a --> b", "subgraph", "x:::y", "&amp", "click", "%% no comment"];

    [Fact]
    public void The_graph_has_the_steps_their_edges_and_what_became_of_them()
    {
        JsonElement graph = Tool.Run(project.Folder, "graph", "--json", "--run", "previous").Json;
        Assert.Equal(["download: completed", "count: completed", "load [red]data: failed", "optional: skipped", "publish: skipped"], graph.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name")}: {step.GetProperty("status")}"));
        Assert.Equal(
            ["download -> count False prices.csv", "count -> load [red]data True ", "load [red]data -> optional False ", "load [red]data -> publish True "],
            graph.GetProperty("edges").EnumerateArray().Select(edge => $"{edge.GetProperty("from")} -> {edge.GetProperty("to")} {edge.GetProperty("must_succeed")} {edge.GetProperty("file")}"));

        string mermaid = Tool.Run(project.Folder, "graph", "--run", "previous").Expect(0);
        MermaidText.Check(mermaid);
        Assert.Contains("s0 -->|\"prices.csv\"| s1", mermaid);
        Assert.Contains("s1 ==> s2", mermaid);
        Assert.Matches(@"s2\[""load #91;red#93;data<br/>✗ \d+ ms""\]:::failed", mermaid);
        Assert.DoesNotContain(":::", Tool.Run(project.Folder, "graph", "--no-run").Expect(0));
    }

    [Fact]
    public void The_targets_form_is_drawn_as_its_steps_ran()
    {
        using WorkflowProject targets = new("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /><RunStepWithRetry StepName="Two" Command="true" /></Target>""");
        Assert.Contains("once they have run", Tool.Run(targets.Folder, "graph").Error(2, "KIN6002"));
        Assert.Equal(0, targets.Build().ExitCode);
        string mermaid = Tool.Run(targets.Folder, "graph").Expect(0);
        MermaidText.Check(mermaid);
        Assert.Contains("s0 --> s1", mermaid);
    }

    [Fact]
    public void Graphviz_accepts_the_DOT_and_reads_the_names_from_it()
    {
        Assert.SkipUnless(Terminal.IsInstalled("dot"), "Graphviz is not installed (Debian: apt-get install graphviz).");
        using WorkflowProject nasty = NastyProject();
        nasty.Write("g.dot", Tool.Run(nasty.Folder, "graph", "--format", "dot").Expect(0));

        // Its own reading of the labels, as JSON.
        ProcessStartInfo start = new("dot", ["-Tdot_json", "g.dot"]) { WorkingDirectory = nasty.Folder.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process dot = Process.Start(start)!;
        string json = dot.StandardOutput.ReadToEnd();
        Assert.Equal("", dot.StandardError.ReadToEnd());
        dot.WaitForExit();
        Assert.Equal(0, dot.ExitCode);
        using JsonDocument read = JsonDocument.Parse(json);
        string[] labels = [.. read.RootElement.GetProperty("objects").EnumerateArray().Select(node => node.GetProperty("label").GetString()!.Replace("\\\\", "\\").Replace("\\\"", "\""))];
        Assert.Equal(Nasty, labels);
        Assert.Equal(Nasty.Length - 1, read.RootElement.GetProperty("edges").GetArrayLength());
    }

    [Fact]
    public void Mermaid_has_every_name_as_an_entity_text()
    {
        using WorkflowProject nasty = NastyProject();
        string mermaid = Tool.Run(nasty.Folder, "graph").Expect(0);
        IReadOnlyList<string> labels = MermaidText.Check(mermaid);
        Assert.Equal(Nasty, labels);
    }

    [Fact]
    public void Mermaid_itself_reads_the_graph()
    {
        string modules = Repository.PathTo("artifacts", "mermaid");
        Assert.SkipUnless(Terminal.IsInstalled("node", "--version") && Directory.Exists(Path.Combine(modules, "node_modules", "mermaid")), $"Mermaid is not installed (npm install --prefix {modules} mermaid jsdom).");
        using WorkflowProject nasty = NastyProject();
        JsonElement graph = Read(Tool.Run(nasty.Folder, "graph").Expect(0));
        Assert.Equal(Nasty, graph.GetProperty("nodes").EnumerateArray().Select(step => step.GetProperty("label").GetString()));
        Assert.Equal(Enumerable.Range(1, Nasty.Length - 1).Select(i => $"s{i - 1} s{i}"), graph.GetProperty("edges").EnumerateArray().Select(edge => $"{edge.GetProperty("from")} {edge.GetProperty("to")}"));

        graph = Read(Tool.Run(project.Folder, "graph", "--run", "previous").Expect(0));
        Assert.Equal(
            ["download completed", "count completed", "load [red]data failed", "optional skipped", "publish skipped"],
            graph.GetProperty("nodes").EnumerateArray().Select(step => $"{step.GetProperty("label").GetString()!.Split("<br>")[0]} {Assert.Single(step.GetProperty("classes").EnumerateArray())}"));
        Assert.Equal(["prices.csv normal", " thick", " normal", " thick"], graph.GetProperty("edges").EnumerateArray().Select(edge => $"{edge.GetProperty("label")} {edge.GetProperty("stroke")}"));

        JsonElement Read(string mermaid)
        {
            ProcessStartInfo start = new("node", [Repository.PathTo("tests", "Kinetra.Build.Tool.Tests", "mermaid.mjs"), modules]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            using Process node = Process.Start(start)!;
            node.StandardInput.Write(mermaid);
            node.StandardInput.Close();
            string output = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            Assert.Equal(0, node.ExitCode);
            using JsonDocument read = JsonDocument.Parse(output);
            return read.RootElement.Clone();
        }
    }

    [Fact]
    public void The_picture_has_every_step_and_edge_and_no_boxes_overlap()
    {
        SvgPicture picture = new(Tool.Run(project.Folder, "graph", "--format", "svg", "--run", "previous").Expect(0));
        Assert.Equal(["download", "count", "load [red]data", "optional", "publish"], picture.Steps.Select(step => step.Name));
        Assert.Equal(["step completed", "step completed", "step failed", "step skipped optional", "step skipped"], picture.Steps.Select(step => step.Class));
        Assert.Matches(@"^✗ \d+ ms$", picture.Steps[2].Outcome!);
        Assert.Equal(["0 1 edge", "1 2 edge must", "2 3 edge", "2 4 edge must"], picture.Edges.Order());
        Assert.Equal(["prices.csv"], picture.Files);
        picture.CheckPlaces();

        picture = new SvgPicture(Tool.Run(project.Folder, "graph", "--format", "svg", "--no-run").Expect(0));
        Assert.All(picture.Steps, step => Assert.Null(step.Outcome));
        Assert.Contains("step optional", picture.Steps.Select(step => step.Class));
        picture.CheckPlaces();
    }

    [Fact]
    public void In_the_picture_names_stay_text()
    {
        using WorkflowProject nasty = NastyProject();
        SvgPicture picture = new(Tool.Run(nasty.Folder, "graph", "--format", "svg").Expect(0));
        Assert.Equal(Nasty, picture.Steps.Select(step => step.Name));
        Assert.Equal(Nasty.Length - 1, picture.Edges.Count);
        picture.CheckPlaces();
    }

    [Fact]
    public void A_picture_of_many_steps_is_laid_out_too()
    {
        // A path of all of them, which is the deepest that there is, and others between; names as wide as they get.
        const int count = 200;
        IEnumerable<string> items = Enumerable.Range(0, count).Select(i =>
            $"""<KinetraStep Include="{(i % 20 == 0 ? new string('W', 60) : "股票")}{i}" Command="true" DependsOn="{string.Join(';', new[] { i - 1, i - 7 }.Where(other => other >= 0).Select(other => $"{(other % 20 == 0 ? new string('W', 60) : "股票")}{other}"))}" Always="{(i == count - 1 ? "true" : "false")}" />""");
        using WorkflowProject many = new($"<ItemGroup>{string.Concat(items)}</ItemGroup>", targets: "");
        SvgPicture picture = new(Tool.Run(many.Folder, "graph", "--format", "svg").Expect(0));
        Assert.Equal(count, picture.Steps.Count);
        Assert.Equal(new string('W', 39) + "…", picture.Steps[0].Name);
        picture.CheckPlaces();
    }

    [Fact]
    public void A_graph_too_deep_for_the_picture_is_refused()
    {
        IEnumerable<string> items = Enumerable.Range(0, 11_000).Select(i => $"""<KinetraStep Include="s{i}" Command="true" DependsOn="{(i > 0 ? $"s{i - 1}" : "")}" />""");
        using WorkflowProject deep = new($"<ItemGroup>{string.Concat(items)}</ItemGroup>", targets: "");
        Assert.Contains("11000 steps and 10999 edges", Tool.Run(deep.Folder, "graph", "--format", "svg").Error(2, "KIN6001"));
    }

    private static WorkflowProject NastyProject()
    {
        string Escape(string text) => new System.Xml.Linq.XAttribute("x", text).ToString()[3..^1];
        string Name(string text) => Escape(text.Replace("%", "%25"));
        IEnumerable<string> items = Nasty.Select((name, i) => $"""<KinetraStep Include="{Name(name)}" Command="true" {(i == 0 ? "" : $"DependsOn=\"{Name(Nasty[i - 1])}\"")} />""");
        return new WorkflowProject($"<ItemGroup>{string.Concat(items)}</ItemGroup>", targets: "");
    }
}

/// <summary>
/// A strict reading of the part of Mermaid's flowchart grammar that the tool writes; a text with anything else in it is refused. Mermaid's own
/// parser is not installed everywhere.
/// </summary>
internal static partial class MermaidText
{
    /// <summary>The labels of the nodes, their entities read.</summary>
    public static IReadOnlyList<string> Check(string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal("flowchart LR", lines[0]);
        HashSet<string> nodes = [];
        HashSet<string> classes = [];
        HashSet<string> used = [];
        List<string> labels = [];
        foreach (string line in lines.Skip(1))
        {
            Match match = Line().Match(line);
            Assert.True(match.Success, line);
            if (match.Groups["node"].Success)
            {
                Assert.True(nodes.Add(match.Groups["node"].Value));
                labels.Add(Entity().Replace(match.Groups["label"].Value, entity => char.ConvertFromUtf32(int.Parse(entity.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))));
                if (match.Groups["uses"].Success)
                {
                    used.Add(match.Groups["uses"].Value);
                }
            }
            else if (match.Groups["from"].Success)
            {
                Assert.Contains(match.Groups["from"].Value, nodes);
                Assert.Contains(match.Groups["to"].Value, nodes);
            }
            else
            {
                classes.Add(match.Groups["class"].Value);
            }
        }

        Assert.Equal(used.Order(), classes.Order());
        return labels;
    }

    [GeneratedRegex("""^  (?:(?<node>s\d+)(?:\[|\(|\(\[)"(?<label>(?:[^"#<>`\[\]{}|\\&%]|#\d+;)*)(?:<br/>[^"#<>`]*)?"(?:\]|\)|\]\))(?::::(?<uses>[a-z]+))?|(?<from>s\d+) (?:-->|==>)(?:\|"(?:[^"#<>`|]|#\d+;)*"\|)? (?<to>s\d+)|classDef (?<class>[a-z]+) fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6})$""")]
    private static partial Regex Line();

    [GeneratedRegex(@"#(\d+);")]
    private static partial Regex Entity();
}
