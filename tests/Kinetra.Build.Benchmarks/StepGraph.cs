namespace Kinetra.Build.Benchmarks;

/// <summary>One step of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Command">What it runs: one program with its arguments, without shell syntax.</param>
/// <param name="DependsOn">The names of the steps that come before it.</param>
/// <param name="Milliseconds">How long it takes, apart from what starting it costs.</param>
internal sealed record GraphStep(string Name, string Command, IReadOnlyList<string> DependsOn, int Milliseconds);

/// <summary>Steps in an order in which each one comes after those it depends on: what all tools run.</summary>
/// <param name="Name">Fit for the name of a folder.</param>
/// <param name="Steps">The steps.</param>
internal sealed record StepGraph(string Name, IReadOnlyList<GraphStep> Steps)
{
    /// <summary>Steps that do nothing, one after the other.</summary>
    /// <param name="count">How many.</param>
    public static StepGraph Chain(int count) => new($"chain-{count}", [.. Enumerable.Range(1, count).Select(i => NoOp(i, i > 1 ? ["s" + (i - 1)] : []))]);

    /// <summary>Steps that do nothing and depend on nothing.</summary>
    /// <param name="count">How many.</param>
    public static StepGraph Independent(int count) => new($"independent-{count}", [.. Enumerable.Range(1, count).Select(i => NoOp(i, []))]);

    private static GraphStep NoOp(int number, IReadOnlyList<string> dependsOn) => new("s" + number, "true", dependsOn, 0);
}
