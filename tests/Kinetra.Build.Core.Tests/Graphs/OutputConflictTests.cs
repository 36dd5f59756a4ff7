using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class OutputConflictTests
{
    [Theory]
    [InlineData("data/x.csv", "data/x.csv")]
    [InlineData("data/x.csv", "./data/y/../x.csv")]
    [InlineData("data/*.csv", "data/x.csv")]
    [InlineData("data/**", "data/x/y.csv")]
    [InlineData("data/x*", "data/x")]
    [InlineData("*/x", "data/x/y.csv")]
    [InlineData("data/*.csv", "./data//*.csv")]
    [InlineData("data/**/x", "data/**/**/x")]
    [InlineData("data", "data/x.csv")]
    [InlineData("data", "data/*.csv")]
    [InlineData("data", "data/x/**")]
    [InlineData(".", "x")]
    public void One_output_of_two_steps_is_refused(string one, string other)
    {
        foreach ((string first, string second) in new[] { (one, other), (other, one) })
        {
            string message = Graph.Error(DiagnosticCodes.OutputConflict, $"a | | between; {first}", "m | | mid", $"b | | {second}").Message;
            Assert.Contains("\"a\"", message);
            Assert.Contains("\"b\"", message);
            Assert.Contains(one, message);
            Assert.Contains(other, message);
            Assert.DoesNotContain(" more.", message);
        }
    }

    [Theory]
    [InlineData("data/x.csv", "data/y.csv")]
    [InlineData("data/x", "data/xy")]
    [InlineData("data/a*", "data/*b")]
    [InlineData("data/**", "data/*.csv")]
    [InlineData("data/*/y.csv", "data/x")]
    [InlineData("data/*", "data/x/y")]
    [InlineData("data*", "data/x")]
    public void Other_outputs_are_not(string one, string other)
    {
        Assert.Equal(2, Graph.Of($"a | | {one}", $"b | | {other}").Steps.Count);
        Assert.Equal(2, Graph.Of($"a | | {other}", $"b | | {one}").Steps.Count);
    }

    [Fact]
    public void One_step_may_declare_an_output_twice() => Assert.Single(Graph.Of("a | | x; ./x; data; data/*; data/x; data/*").Steps);

    [Fact]
    public void Case_counts_as_it_does_on_the_file_system()
    {
        GraphStep[] steps = [Graph.Step("a | | Data/x"), Graph.Step("b | | data/X")];
        Assert.Equal(2, StepGraph.Create(Graph.Project, steps, [], ignoresCase: false).Steps.Count);
        Assert.Equal(DiagnosticCodes.OutputConflict, Assert.Throws<KinetraException>(() => StepGraph.Create(Graph.Project, steps, [], ignoresCase: true)).Code);
    }

    [Fact]
    public void All_are_told_up_to_ten_in_the_order_of_the_steps()
    {
        string message = Graph.Error(DiagnosticCodes.OutputConflict, [.. Enumerable.Range(0, 40).Select(i => $"s{i} | | {99 - (i / 2)}")]).Message;
        Assert.StartsWith("Steps \"s0\" and \"s1\" both write 99. Steps \"s2\" and \"s3\" both write 98.", message);
        Assert.Contains("And 10 more.", message);
    }
}
