using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class RandomGraphTests
{
    private static readonly string[] Segments = ["a", "b", "ab", "a", "b", "ab", "*", "?", "a*", "*b", "**"];

    [Fact]
    public void A_random_graph_is_as_the_rules_say()
    {
        Dictionary<string, int> seen = [];
        for (int seed = 0; seed < 20 * PropertyCases.Sequences; seed++)
        {
            string kind = Check(new Random(seed), $"seed {seed}");
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
        }

        // All kinds have to come, or this would show nothing.
        Assert.All(["", DiagnosticCodes.InvalidGraph, DiagnosticCodes.OutputConflict, DiagnosticCodes.DependencyCycle], kind => Assert.InRange(seen[kind], PropertyCases.Sequences / 2, int.MaxValue));
    }

    private static string Check(Random random, string seed)
    {
        GraphStep[] steps = Steps(random);
        GraphModel model = new(steps);
        string? code = null;
        StepGraph? graph = null;
        string message = "";
        try
        {
            graph = Graph.Of(steps);
        }
        catch (KinetraException error)
        {
            (code, message) = (error.Code, error.Message);
        }

        string? expected = model.HasEarlyAlways ? DiagnosticCodes.InvalidGraph : model.HasConflict ? DiagnosticCodes.OutputConflict : model.HasCycle ? DiagnosticCodes.DependencyCycle : null;
        Assert.True(expected == code, $"{seed}: {code} {message}, not {expected}");
        if (code == DiagnosticCodes.DependencyCycle)
        {
            CheckCycle(model, message, steps.Length);
        }

        if (graph is not null)
        {
            CheckEdges(graph, model, seed);
            Assert.Equal(model.Order(), graph.Order);
            for (int i = 0; i < 5; i++)
            {
                CheckSelection(graph, model, random, seed);
            }
        }

        return code ?? "";
    }

    private static void CheckEdges(StepGraph graph, GraphModel model, string seed)
    {
        for (int i = 0; i < graph.Steps.Count; i++)
        {
            Assert.Equal(Enumerable.Range(0, graph.Steps.Count).Where(j => model.Edges[i, j]), graph.DependenciesOf(i).Select(dependency => dependency.Step).Order());
            Assert.Equal(Enumerable.Range(0, graph.Steps.Count).Where(j => model.Edges[j, i]), graph.DependentsOf(i));
            foreach (Dependency dependency in graph.DependenciesOf(i))
            {
                GraphStep other = graph.Steps[dependency.Step];
                Assert.Equal(graph.Steps[i].DependsOn.Contains(other.Name + "!"), dependency.MustSucceed);
                Assert.True(GraphModel.IsNamed(graph.Steps[i], other) == (dependency.File is null), seed);
                Assert.True(dependency.File is null || graph.Steps[i].Inputs.Contains(dependency.File), seed);
            }
        }
    }

    // "s1 → s2 (a/b) → s1. …": each arrow is a dependency, and no cycle is shorter.
    private static void CheckCycle(GraphModel model, string message, int count)
    {
        int[] path = [.. message[..message.IndexOf(". ", StringComparison.Ordinal)].Split(" → ").Select(part => part[1] - '0')];
        Assert.Equal(path[0], path[^1]);
        for (int i = 0; i + 1 < path.Length; i++)
        {
            Assert.True(model.Edges[path[i], path[i + 1]], message);
        }

        int shortest = 1;
        for (bool[,] walks = model.Edges; !Enumerable.Range(0, count).Any(i => walks[i, i]); shortest++)
        {
            bool[,] longer = new bool[count, count];
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    longer[i, j] = Enumerable.Range(0, count).Any(k => walks[i, k] && model.Edges[k, j]);
                }
            }

            walks = longer;
        }

        Assert.Equal(shortest, path.Length - 1);
    }

    private static void CheckSelection(StepGraph graph, GraphModel model, Random random, string seed)
    {
        Selection selection = new(Names(), Names(), Names(), Names());
        bool[]? expected = model.Select(selection);
        if (expected is not null)
        {
            Assert.Equal(expected, graph.Select(selection));
        }
        else
        {
            KinetraException? error = null;
            try
            {
                graph.Select(selection);
            }
            catch (KinetraException caught)
            {
                error = caught;
            }

            Assert.True(error?.Code == DiagnosticCodes.UnknownSelection, seed);
        }

        string[] Names() => [.. Enumerable.Range(0, random.Next(5) < 3 ? 0 : random.Next(1, 4)).Select(_ => random.Next(20) == 0 ? "s*" : $"s{random.Next(graph.Steps.Count + (random.Next(10) == 0 ? 1 : 0))}")];
    }

    private static GraphStep[] Steps(Random random)
    {
        int count = random.Next(1, 8);
        int places = random.Next(4);
        int alwaysOne = random.Next(3) == 0 ? random.Next(count) : -1;
        bool isOrdered = random.Next(3) > 0;
        return [.. Enumerable.Range(0, count).Select(i => new GraphStep($"s{i}")
        {
            DependsOn = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(isOrdered ? i : count)).Where(other => !isOrdered || other < i)
                .Select(other => $"s{other}{(random.Next(3) == 0 ? "!" : "")}")],
            Inputs = [.. Enumerable.Range(0, random.Next(3) == 0 ? 0 : places).Select(_ => Pattern(random))],
            Outputs = [.. Enumerable.Range(0, random.Next(3) > 0 ? 0 : places).Select(_ => Pattern(random))],
            Always = i == alwaysOne || random.Next(20) == 0,
        })];
    }

    private static string Pattern(Random random) =>
        (random.Next(10) == 0 ? "./" : "") + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Segments[random.Next(Segments.Length)]).Aggregate(new List<string>(), (parts, part) =>
        {
            // "**/**" is "**".
            if (part != "**" || parts.Count == 0 || parts[^1] != "**")
            {
                parts.Add(part);
            }

            return parts;
        })) + (random.Next(5) == 0 ? "/" : "");
}
