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
