using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class FileDependencyTests
{
    [Theory]
    [InlineData("data/x.csv", "data/x.csv")]
    [InlineData("./data//y/../x.csv", "data/x.csv")]
    [InlineData("data/x.csv", "./data/./x.csv/")]
    [InlineData("../project/x.csv", "x.csv")]
    [InlineData("data", "data/x.csv")]
    [InlineData("data/", "data/x/y.csv")]
    [InlineData("data/x/y.csv", "data")]
    [InlineData(".", "x")]
    [InlineData("x", ".")]
    [InlineData("data/*.csv", "data/x.csv")]
    [InlineData("data/x.csv", "data/*.csv")]
    [InlineData("data/*.csv", "data/x.*")]
    [InlineData("data/**", "data/x/y/z.csv")]
    [InlineData("**/z.csv", "data/x/y/z.csv")]
    [InlineData("data/**/z.csv", "data/x*/**/*.csv")]
    [InlineData("data/*", "data")]
    [InlineData("data", "data/*")]
    [InlineData("data/**/x*", "data")]
    [InlineData("d*/x", "data/")]
    [InlineData("**/*.c", "data/.")]
    [InlineData("d*/x", "data/x/y.csv")]
    [InlineData("data/", "d*/x")]
    [InlineData("**/README", "data/README/x")]
    [InlineData("data*", "data")]
    [InlineData("data/?.csv", "data/*x.csv")]
    [InlineData("../**", "data/x.csv")]
    [InlineData("../other/x", "../other/*")]
    [InlineData("/project/x", "x")]
    [InlineData("/**", "x")]
    [InlineData("/", "x")]
    public void An_input_that_another_step_may_make_is_a_dependency(string input, string output)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && input.StartsWith('/'), "Absolute paths of POSIX.");
        StepGraph graph = Graph.Of($"use | {input} |", $"make | | {output}");
        Assert.Equal($"make({input})", graph.Waits("use"));
        Assert.Equal([0], graph.DependentsOf(1));
        Assert.Equal("make use", graph.Order());
    }

    [Theory]
    [InlineData("data/x.csv", "data/y.csv")]
    [InlineData("data/x", "data/xy")]
    [InlineData("data", "data-2/x")]
    [InlineData("data-2/x", "data")]
    [InlineData("data/*", "data/x/y")]
    [InlineData("data/*.csv", "data/*.txt")]
    [InlineData("data/**", "data-2/**")]
    [InlineData("data/a*", "data/b*")]
    [InlineData("data/*a", "data/*b")]
    [InlineData("data/?", "data/??")]
    [InlineData("data/*.csv", "data/x.csv.gz")]
    [InlineData("../x", "x")]
    [InlineData("../other/**", "**")]
    [InlineData("data*", "data/x/y")]
    [InlineData("d*/x", "data")]
    [InlineData("data", "d*/x")]
    [InlineData("**/*.c", "doc.html")]
    [InlineData("doc.html", "**/*.c")]
    [InlineData("**/README", "doc.html")]
    public void Other_files_are_none(string input, string output) => Assert.Equal("", Graph.Of($"use | {input} |", $"make | | {output}").Waits("use"));

    [Fact]
    public void Patterns_of_two_kinds_of_file_in_one_tree_do_not_meet_in_what_the_steps_make()
    {
        StepGraph graph = Graph.Of("compile | **/*.c | prog.bin", "doc | **/*.md | doc.html", "pack | **/*.html; prog.bin | pack.zip");
        Assert.Equal("", graph.Waits("compile"));
        Assert.Equal("", graph.Waits("doc"));
        Assert.Equal("doc(**/*.html) compile(prog.bin)", graph.Waits("pack"));
    }

    [Fact]
    public void What_is_a_directory_on_disk_is_one_for_patterns()
    {
        using TempFolder folder = new();
        folder.Write("data/x.csv", "");
        GraphStep[] steps = [Graph.Step("use | **/*.c; out"), Graph.Step("make | | data"), Graph.Step("write | | data.html"), Graph.Step("fill | | **/*.txt")];
        Assert.Equal("make(**/*.c)", StepGraph.Create(folder.Root, steps, []).Waits("use"));
        Directory.CreateDirectory(folder["out"]);
        Assert.Equal("make(**/*.c) fill(out)", StepGraph.Create(folder.Root, steps, []).Waits("use"));
    }

    [Fact]
    public void Case_counts_as_it_does_on_the_file_system()
    {
        GraphStep[] steps = [Graph.Step("use | Data/X*.csv; Other"), Graph.Step("make | | data/x1.CSV"), Graph.Step("write | | OTHER")];
        Assert.Equal("", StepGraph.Create(Graph.Project, steps, [], ignoresCase: false).Waits("use"));
        Assert.Equal("make(Data/X*.csv) write(Other)", StepGraph.Create(Graph.Project, steps, [], ignoresCase: true).Waits("use"));
    }

    [Fact]
    public void What_a_step_writes_itself_implies_nothing() => Assert.Equal("", Graph.Of("update | data; data/x.csv | data/x.csv").Waits("update"));

    [Fact]
    public void A_dependency_that_is_named_needs_no_second_one()
    {
        StepGraph graph = Graph.Of("use: make!; other | x; y; z; data", "make | | x; data/1; data/2", "third | | z; y", "other");
        Assert.Equal("make! other third(y)", graph.Waits("use"));
    }

    [Fact]
    public void One_that_is_named_only_by_way_of_others_is_added_for_a_selection_may_leave_those_out() =>
        Assert.Equal("b a(x)", Graph.Of("a | | x", "b: a", "c: b | x").Waits("c"));

    [Fact]
    public void What_Always_steps_write_makes_no_other_step_wait()
    {
        GraphStep last = new("last") { Always = true, Inputs = ["y"], Outputs = ["x"] };
        StepGraph graph = Graph.Of(Graph.Step("a | x | y"), last, new GraphStep("tell") { Always = true, Inputs = ["x"] });
        Assert.Equal("", graph.Waits("a"));
        Assert.Equal("a(y)", graph.Waits("last"));
        Assert.Equal("last(x)", graph.Waits("tell"));
    }

    [Fact]
    public void All_steps_that_write_into_a_directory_are_waited_for()
    {
        string[] writers = [.. Enumerable.Range(0, 100).Select(i => $"w{i} | | data/{i}/x.csv")];
        StepGraph graph = Graph.Of(["use | data/**/*.csv", .. writers]);
        Assert.Equal(Enumerable.Range(1, 100), graph.DependenciesOf(0).Select(dependency => dependency.Step).Order());
    }
}
