namespace Kinetra.Build.Benchmarks;

/// <summary>How near to the shortest possible time a random graph of sleeps is run.</summary>
internal static class Graphs
{
    private const string Bare = "`dotnet build` of an empty project";
    private const long Needed = 1L << 30;

    /// <summary>Measures and prints a table for each number of workers.</summary>
    /// <param name="rounds">How many rounds; each has a graph of its own, the same ones in every run.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, string parent)
    {
        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, Needed);
        StepGraph[] graphs = [.. Enumerable.Range(1, rounds).Select(RandomGraph.Create)];
        bool own = OwnSteps.Exist();
        File.WriteAllText(folder["empty.proj"], """<Project><Target Name="Build" /></Project>""");
        Run(folder, graphs, own, workers: 2, 1.05);
        Run(folder, graphs, own, workers: 4, 1.06);
        Run(folder, graphs, own, workers: 8, 1.10);
    }

    private static void Run(BenchmarkFolder folder, StepGraph[] graphs, bool own, int workers, double bound)
    {
        StepTool[] ours = own ? [OwnSteps.Tool, OwnSteps.ToolWithDurations] : [];
        StepTool[] tools = [.. new[] { StepTool.Make, StepTool.Ninja, StepTool.Doit }.OfType<StepTool>(), .. ours];
        Case bare = Case.Timed(Bare, () => OwnSteps.Build(folder.Root, "empty.proj"));
        IReadOnlyList<Measurement> measured = Interleaved.Measure(
            graphs.Length,
            warmUps: 0,
            [bare, .. tools.Select(tool => InTurn(folder, tool, graphs, workers))],
            folder.Settle);
        Measurement bareTimes = measured[0];
        string limit = $"lower bound for {workers} workers";
        List<Measurement> rows = [new(limit, [.. graphs.Select(_ => RandomGraph.LowerBound(workers) * 1000)])];
        List<Comparison> comparisons = [];
        foreach (Measurement measurement in measured.Skip(1))
        {
            bool isOurs = ours.Any(tool => tool.Name == measurement.Name);
            rows.Add(isOurs ? measurement.NetOf(NetName(measurement.Name), bareTimes) : measurement);
        }

        if (StepTool.Snakemake is { } snakemake)
        {
            // Once only: it takes twice as long as all others.
            rows.Add(new Measurement(snakemake.Name + ", once", [InTurn(folder, snakemake, graphs, workers).Sample()]));
        }

        rows.Add(bareTimes);
        foreach (StepTool tool in new[] { OwnSteps.Tool, OwnSteps.ToolWithDurations })
        {
            comparisons.Add(Comparison.AtMost(NetName(tool.Name), bound, limit));
        }

        Table.Print(
            $"{RandomGraph.Count} sleeps, {RandomGraph.Work} ms of work, critical path {RandomGraph.CriticalPath} ms, {workers} workers, {graphs.Length} graphs",
            Unit.Milliseconds,
            rows,
            comparisons);
    }

    // Another graph in each round, the same one for all tools.
    private static Case InTurn(BenchmarkFolder folder, StepTool tool, StepGraph[] graphs, int workers)
    {
        Case[] cases = [.. graphs.Select(graph => tool.As(folder, graph, workers))];
        int round = 0;
        return new Case(tool.Name, () => cases[round].Sample(), After: () => cases[round++].After?.Invoke());
    }

    private static string NetName(string name) => name + ", net of a bare build";
}
