using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class StepGraphTests
{
    [Fact]
    public void A_step_waits_for_those_it_names()
    {
        StepGraph graph = Graph.Of("report: fetch; convert!", "fetch", "convert: fetch");
        Assert.Equal("fetch convert!", graph.Waits("report"));
        Assert.Equal("", graph.Waits("fetch"));
        Assert.Equal([0, 2], graph.DependentsOf(1));
        Assert.Equal("fetch convert report", graph.Order());
        Assert.Equal(2, graph.Find("convert"));
        Assert.Null(graph.Find("Convert"));
    }

    [Fact]
    public void Of_those_that_could_come_next_the_first_one_does() => Assert.Equal("c a d e b", Graph.Of("a: c", "b: e", "c", "d", "e: a").Order());

    [Fact]
    public void A_name_that_ends_in_an_exclamation_mark_is_found_first()
    {
        StepGraph graph = Graph.Of("x", "x!", "a: x!", "b: x!!", "c: x");
        Assert.Equal(new Dependency(1, false, null), Assert.Single(graph.DependenciesOf(2)));
        Assert.Equal(new Dependency(1, true, null), Assert.Single(graph.DependenciesOf(3)));
        Assert.Equal(new Dependency(0, false, null), Assert.Single(graph.DependenciesOf(4)));
    }

    [Theory]
    [InlineData("x; x!")]
    [InlineData("x!; x")]
    public void A_step_named_twice_is_waited_for_once_with_the_stronger_demand(string dependsOn)
    {
        StepGraph graph = Graph.Of("x", "y", $"a: y; {dependsOn}; y");
        Assert.Equal("y x!", graph.Waits("a"));
        Assert.Equal([2], graph.DependentsOf(0));
    }

    [Fact]
    public void Always_steps_come_last()
    {
        StepGraph graph = Graph.Of(new GraphStep("clean") { Always = true }, new GraphStep("tell") { Always = true, DependsOn = ["clean", "b"] }, new GraphStep("b"), new GraphStep("a"));
        Assert.Equal("b a clean tell", graph.Order());
    }

    [Fact]
    public void No_steps_are_a_graph()
    {
        StepGraph graph = Graph.Of(Array.Empty<GraphStep>());
        Assert.Empty(graph.Order);
        Assert.Empty(graph.Select(Selection.All));
    }

    [Fact]
    public void Names_that_recur_are_refused_all_at_once()
    {
        string message = Graph.Error(DiagnosticCodes.DuplicateStep, "a", "b", "a", "c: none", "b", "a").Message;
        Assert.Contains("3 steps are named \"a\".", message);
        Assert.Contains("2 steps are named \"b\".", message);
        Graph.Of("a", "A");
    }

    [Fact]
    public void Unknown_names_are_told_with_the_nearest_one()
    {
        string message = Graph.Error(DiagnosticCodes.UnknownDependency, "fetch-ABC", "convert: fetch-acb!; nothing-like-it", "report: Convert").Message;
        Assert.Contains("\"convert\" depends on \"fetch-acb\", which is no step. Did you mean \"fetch-ABC\"?", message);
        Assert.Contains("\"convert\" depends on \"nothing-like-it\", which is no step. Step", message);
        Assert.Contains("\"Convert\", which is no step. Did you mean \"convert\"?", message);
    }

    [Fact]
    public void An_unknown_pool_is_told_with_the_nearest_one()
    {
        GraphStep[] steps = [new("train") { Pool = "gpus" }, new("play") { Pool = "gpu" }];
        Assert.Contains("\"gpus\", which is not declared. Did you mean \"gpu\"?", Assert.Throws<KinetraException>(() => StepGraph.Create(Graph.Project, steps, ["disk", "gpu"])).Message);
        Assert.Equal(2, StepGraph.Create(Graph.Project, steps, ["gpus", "gpu"]).Steps.Count);
    }

    [Fact]
    public void A_step_that_is_not_Always_cannot_wait_for_one_that_is()
    {
        string message = Graph.Error(DiagnosticCodes.InvalidGraph, new GraphStep("clean") { Always = true }, new GraphStep("a") { DependsOn = ["clean"] }).Message;
        Assert.Contains("\"a\" depends on \"clean\"", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_step_without_a_name_is_refused(string name) => Assert.Contains("Step 2 ", Graph.Error(DiagnosticCodes.InvalidGraph, new GraphStep("a"), new GraphStep(name)).Message);

    [Fact]
    public void What_is_no_path_is_told_with_its_step() =>
        Assert.Contains("\"b\"", Graph.Error(DiagnosticCodes.UnusablePath, new GraphStep("a"), new GraphStep("b") { Inputs = ["x", "a\0b"] }).Message);

    [Fact]
    public void The_most_basic_kind_of_problem_is_told_first()
    {
        string[] steps = ["a: a | | o", "b: none | | o", "b"];
        Graph.Error(DiagnosticCodes.DuplicateStep, steps);
        Graph.Error(DiagnosticCodes.UnknownDependency, steps[..2]);
        Graph.Error(DiagnosticCodes.OutputConflict, steps[0], "b | | o");
        Graph.Error(DiagnosticCodes.DependencyCycle, steps[0]);
    }

    [Fact]
    public void A_message_has_an_end()
    {
        string endless = new('x', 100_000);
        string[] steps = [.. Enumerable.Range(0, 1000).Select(i => $"s{i}: {endless}{i}")];
        string message = Graph.Error(DiagnosticCodes.UnknownDependency, steps).Message;
        Assert.Contains(" And 990 more. ", message);
        Assert.InRange(message.Length, 1000, 10_000);
    }
}
