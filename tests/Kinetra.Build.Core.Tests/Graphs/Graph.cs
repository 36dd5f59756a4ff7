using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

/// <summary>Makes graphs from short texts.</summary>
internal static class Graph
{
    /// <summary>The project's directory; nothing has to be there.</summary>
    public static readonly string Project = OperatingSystem.IsWindows() ? @"C:\project" : "/project";

    /// <summary>A graph of steps written as <c>name: depends on; depends on | inputs | outputs</c>.</summary>
    public static StepGraph Of(params string[] steps) => Of([.. steps.Select(Step)]);

    public static StepGraph Of(params GraphStep[] steps) => StepGraph.Create(Project, steps, []);

    public static GraphStep Step(string text)
    {
        string[] parts = text.Split('|');
        string[] head = parts[0].Split(':', 2);
        return new GraphStep(head[0].Trim()) { DependsOn = List(head, 1), Inputs = List(parts, 1), Outputs = List(parts, 2) };
    }

    /// <summary>The error that a graph has.</summary>
    public static KinetraException Error(string code, params string[] steps) => Error(code, [.. steps.Select(Step)]);

    public static KinetraException Error(string code, params GraphStep[] steps)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Of(steps));
        Assert.Equal(code, error.Code);
        return error;
    }

    /// <summary>What a step waits for: <c>a b! c(file)</c>.</summary>
    public static string Waits(this StepGraph graph, string step) => string.Join(' ', graph.DependenciesOf(graph.Find(step)!.Value)
        .Select(dependency => graph.Steps[dependency.Step].Name + (dependency.MustSucceed ? "!" : "") + (dependency.File is { } file ? $"({file})" : "")));

    /// <summary>The names in the graph's order.</summary>
    public static string Order(this StepGraph graph) => string.Join(' ', graph.Order.Select(step => graph.Steps[step].Name));

    private static string[] List(string[] parts, int index) =>
        parts.Length <= index ? [] : parts[index].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
