using System.Diagnostics;
using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

/// <summary>That graphs of 10,000 steps take no time worth mentioning. The bounds are wide, against a machine that is busy; what grows with the square is beyond them.</summary>
public sealed class GraphCostTests
{
    private const int Count = 10_000;

    private static readonly Dictionary<string, Func<int, GraphStep>> Shapes = new()
    {
        ["chain"] = i => new GraphStep($"step-{i}") { DependsOn = i == 0 ? [] : [$"step-{i - 1}"] },
        ["chain backwards"] = i => new GraphStep($"step-{i}") { DependsOn = i == Count - 1 ? [] : [$"step-{i + 1}!"] },
        ["layers"] = i => new GraphStep($"step-{i}") { DependsOn = i < 100 ? [] : [.. Enumerable.Range(0, 100).Select(j => $"step-{(i / 100 * 100) - 100 + j}")] },
        ["chain of files"] = i => new GraphStep($"step-{i}") { Inputs = [$"data/{i - 1}.csv"], Outputs = [$"data/{i}.csv"] },
        ["fan-out"] = i => new GraphStep($"step-{i}") { Inputs = ["config.json", $"raw/{i}.csv"], Outputs = [$"data/{i}/x.csv"] },
        ["fan-out of directories"] = i => new GraphStep($"step-{i}") { Inputs = [$"raw/{i}"], Outputs = [$"{(i % 2 == 0 ? "raw" : "data")}/{i + 1}"] },
        ["fan-out of patterns"] = i => new GraphStep($"step-{i}") { Inputs = [$"raw/{i}-*.csv"], Outputs = [$"data/{i}-*.csv"] },
        ["fan-out of patterns that differ in their ends"] = i => new GraphStep($"step-{i}") { Inputs = [$"raw/*-{i % 1000}.csv"], Outputs = i < 1000 ? [$"raw/x/*-{i}.csv", $"data/*-{i}.csv"] : [] },
        ["fan-in"] = i => i == 0 ? new GraphStep("all") { Inputs = ["data/**/*.csv"] } : new GraphStep($"step-{i}") { Outputs = [$"data/{i}.csv"] },
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Ten_thousand_steps_are_quick(string shape)
    {
        GraphStep[] steps = [.. Enumerable.Range(0, Count).Select(Shapes[shape])];
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Graph.Of(steps);
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            best = taken < best ? taken : best;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{shape}: {best.TotalMilliseconds:0.0} ms");
        Assert.InRange(best.TotalMilliseconds, 0, 3000);
    }

    [Fact]
    public void A_chain_of_ten_thousand_is_ordered_and_selected_without_recursion()
    {
        StepGraph graph = Graph.Of([.. Enumerable.Range(0, Count).Select(Shapes["chain backwards"])]);
        Assert.Equal(Enumerable.Range(0, Count).Reverse(), graph.Order);
        Assert.DoesNotContain(false, graph.Select(Selection.All with { Until = ["step-0"] }));
        Assert.DoesNotContain(false, graph.Select(Selection.All with { From = [$"step-{Count - 1}"] }));
    }
}
