using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a step costs that does nothing itself, beside the tools that do nothing else than run steps.</summary>
internal static class Steps
{
    private const int Few = 10;
    private const int Many = 1_000;
    private const int VeryMany = 10_000;

    // Snakemake follows a chain by recursion, and Python's ends before a thousand steps.
    private const int ManyForSnakemake = 100;

    // Ten thousand small files for each run of ours, each a block or two on the disk, and none of them is left behind.
    private const long Needed = 2L << 30;

    private const string C = "C `posix_spawn`";
    private const string Seeds = "the seed";

    /// <summary>Measures and prints all tables.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="largeRounds">How many where 10,000 steps run, a minute each.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, int largeRounds, string parent)
    {
        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, Needed);
        string? spawn = Programs.Compile("spawn", folder);
        bool own = OwnSteps.Exist();
        Chain(rounds, folder, spawn, own);
        LongChain(largeRounds, folder, spawn, own);
        TwoAtATime(rounds, folder, own);
        LargeProject.Run(rounds, largeRounds, folder, StepGraph.Chain(VeryMany), own);
    }

    // Up to a thousand steps, where every tool can still follow.
    private static void Chain(int rounds, BenchmarkFolder folder, string? spawn, bool own)
    {
        StepTool[] tools = [.. ToolsOf(own, StepTool.Ninja, StepTool.Make, StepTool.Exec, StepTool.Doit)];
        List<Measurement> totals = [.. Interleaved.Measure(rounds, warmUps: 1, Cases(folder, spawn, tools, StepGraph.Chain, Few, Many), folder.Settle)];
        List<string> once = [];
        void Once(Case one)
        {
            totals.Add(new Measurement(one.Name, [one.Sample()]));
            once.Add(one.Name);
        }

        if (StepTool.Snakemake is { } snakemake)
        {
            foreach (Case same in Cases(folder, spawn, [], StepGraph.Chain, ManyForSnakemake))
            {
                Once(same);
            }

            Once(snakemake.As(folder, StepGraph.Chain(Few)));
            Once(snakemake.As(folder, StepGraph.Chain(ManyForSnakemake)));
        }

        if (Seed.Find() is { } seed)
        {
            Once(SeedCase(folder, seed, Few));
            Once(SeedCase(folder, seed, Many));
        }

        string ours = OwnSteps.Tool.Name;
        Table.Print(
            $"a chain of steps, {rounds} rounds",
            Unit.Milliseconds,
            totals,
            [
                .. BesideOfSameSize(C, totals, [.. tools.Select(tool => tool.Name), Seeds, "snakemake"], Few, ManyForSnakemake, Many),
                Comparison.AtLeastSpeed(StepTool.NameFor(ours, Many), 15, StepTool.NameFor(Seeds, Many)),
            ]);
        SayOnce(once);

        List<Measurement> slopes = [];
        foreach (string name in new[] { C }.Concat(tools.Select(tool => tool.Name)).Append(Seeds))
        {
            AddSlope(slopes, name, totals, name, Few, Many);
        }

        if (StepTool.Snakemake is { } slow)
        {
            AddSlope(slopes, slow.Name, totals, slow.Name, Few, ManyForSnakemake);
        }

        Table.Print($"a step of them, from {Few} to {Many} steps", Unit.OneMicrosecond, slopes, Comparison.AtMost(ours, 1.35, C));
    }

    // Where what grows with the number of steps shows.
    private static void LongChain(int rounds, BenchmarkFolder folder, string? spawn, bool own)
    {
        StepTool[] tools = [.. ToolsOf(own, StepTool.Ninja, StepTool.Make, StepTool.Exec)];
        IReadOnlyList<Measurement> totals = Interleaved.Measure(rounds, warmUps: 0, Cases(folder, spawn, tools, StepGraph.Chain, Few, Many, VeryMany), folder.Settle);
        string ours = OwnSteps.Tool.Name;
        string First(string tool) => $"{tool}, the first {Text(Many)}";
        string Rest(string tool) => $"{tool}, the rest of {Text(VeryMany)}";
        string All(string tool) => StepTool.NameFor(tool, VeryMany);
        Table.Print(
            $"a long chain of steps, {rounds} rounds",
            Unit.Milliseconds,
            totals,
            [
                .. BesideOfSameSize(C, totals, [.. tools.Select(tool => tool.Name)], Few, Many, VeryMany),
                Comparison.AtMost(All(ours), 1.0, All("ninja")),
                Comparison.AtMost(All(ours), 0.65, All("make")),
                Comparison.AtMost(All(ours), 0.45, All(StepTool.Exec.Name)),
            ]);

        List<Measurement> slopes = [];
        List<Comparison> comparisons = [];
        foreach (string name in new[] { C }.Concat(tools.Select(tool => tool.Name)))
        {
            AddSlope(slopes, First(name), totals, name, Few, Many);
            AddSlope(slopes, Rest(name), totals, name, Many, VeryMany);
            if (name != ours && slopes.Any(slope => slope.Name == Rest(name)))
            {
                comparisons.Add(Comparison.Unbound(Rest(name), First(name)));
            }
        }

        comparisons.Add(Comparison.AtMost(Rest(ours), 1.05, First(ours)));
        Table.Print("a step of them", Unit.OneMicrosecond, slopes, comparisons);
    }

    private static void TwoAtATime(int rounds, BenchmarkFolder folder, bool own)
    {
        const int Workers = 2;
        StepTool[] tools = [.. ToolsOf(own, StepTool.Make, StepTool.Ninja, StepTool.Doit)];
        IReadOnlyList<Measurement> totals = Interleaved.Measure(
            rounds,
            warmUps: 1,
            [.. tools.SelectMany(tool => new[] { Few, Many }.Select(steps => tool.As(folder, StepGraph.Independent(steps), Workers)))],
            folder.Settle);
        Table.Print($"steps two at a time, {rounds} rounds", Unit.Milliseconds, totals, [.. BesideOfSameSize("make", totals, [.. tools.Select(tool => tool.Name)], Few, Many)]);
        List<Measurement> slopes = [];
        foreach (StepTool tool in tools)
        {
            AddSlope(slopes, tool.Name, totals, tool.Name, Few, Many);
        }

        Table.Print($"a step of them, from {Few} to {Many} steps", Unit.OneMicrosecond, slopes, Comparison.AtMost(OwnSteps.Tool.Name, 1.2, "make"));
    }

    private static IEnumerable<StepTool> ToolsOf(bool own, params IEnumerable<StepTool?> tools) => tools.Append(own ? OwnSteps.Tool : null).OfType<StepTool>();

    private static IReadOnlyList<Case> Cases(BenchmarkFolder folder, string? spawn, IReadOnlyList<StepTool> tools, Func<int, StepGraph> graph, params IReadOnlyList<int> sizes)
    {
        List<Case> cases = [];
        foreach (int size in sizes)
        {
            if (spawn is not null)
            {
                string count = size.ToString(CultureInfo.InvariantCulture);
                cases.Add(Case.Timed(StepTool.NameFor(C, size), () => Programs.Run(spawn, count, "true")));
            }

            cases.AddRange(tools.Select(tool => tool.As(folder, graph(size))));
        }

        return cases;
    }

    private static Case SeedCase(BenchmarkFolder folder, string module, int steps)
    {
        string own = folder[$"seed-{steps}"];
        Directory.CreateDirectory(own);
        string count = steps.ToString(CultureInfo.InvariantCulture);
        return Case.Timed(StepTool.NameFor(Seeds, steps), () => Programs.RunIn(own, "python3", Programs.PeerFile("seed_steps.py"), module, count));
    }

    private static void AddSlope(List<Measurement> slopes, string name, IReadOnlyList<Measurement> totals, string tool, int few, int many)
    {
        Measurement? shorter = totals.FirstOrDefault(total => total.Name == StepTool.NameFor(tool, few));
        Measurement? longer = totals.FirstOrDefault(total => total.Name == StepTool.NameFor(tool, many));
        if (shorter is not null && longer is not null)
        {
            slopes.Add(Measurement.Slope(name, shorter, longer, many - few));
        }
    }

    // Without this a row would stand beside the first one, which has another number of steps.
    private static IEnumerable<Comparison> BesideOfSameSize(string peer, IReadOnlyList<Measurement> totals, IReadOnlyList<string> tools, params IReadOnlyList<int> sizes) =>
        from size in sizes
        from tool in tools
        let of = StepTool.NameFor(tool, size)
        let beside = StepTool.NameFor(peer, size)
        where totals.Any(total => total.Name == of) && totals.Any(total => total.Name == beside)
        select Comparison.Unbound(of, beside);

    private static void SayOnce(IReadOnlyList<string> once)
    {
        if (once.Count > 0)
        {
            Console.WriteLine($"Once only: {string.Join("; ", once)}.");
        }
    }

    private static string Text(int steps) => steps.ToString("#,0", CultureInfo.InvariantCulture);
}
