using System.Globalization;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a project with very many steps costs apart from running them: its memory, and a resume that has nothing left to do.</summary>
internal static class LargeProject
{
    private const string Bare = "`dotnet build` of an empty project";
    private const string ItemsAlone = "the same items, without our SDK";
    private const string ItemsOnce = "the same items, without our SDK, `--no-restore`";
    private const string Own = "ours, all steps run";
    private const string Resume = "ours, resumed, all steps completed before";
    private const string ResumeOnce = "ours, resumed, `--no-restore`";

    // Each step writes one byte here, so that none can run unnoticed.
    private const string Started = "started";

    /// <summary>Measures and prints both tables.</summary>
    /// <param name="rounds">How many rounds where no step runs.</param>
    /// <param name="largeRounds">How many where all do.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="graph">The steps.</param>
    /// <param name="own">Whether ours can be measured.</param>
    public static void Run(int rounds, int largeRounds, BenchmarkFolder folder, StepGraph graph, bool own)
    {
        string root = folder["large"];
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "empty.proj"), """<Project><Target Name="Build" /></Project>""");
        File.WriteAllText(Path.Combine(root, "items.proj"), StepFiles.ItemsAlone(graph));
        string steps = graph.Steps.Count.ToString("#,0", CultureInfo.InvariantCulture);
        if (Programs.Compile("peak", folder) is { } peak)
        {
            Memory(largeRounds, root, peak, folder, graph, own, steps);
        }

        Resumed(rounds, root, folder, graph, own, steps);
    }

    private static void Memory(int rounds, string root, string peak, BenchmarkFolder folder, StepGraph graph, bool own, string steps)
    {
        List<Case> cases =
        [
            new(Bare, () => OwnSteps.PeakOfBuild(peak, root, "empty.proj")),
            new(ItemsAlone, () => OwnSteps.PeakOfBuild(peak, root, "items.proj")),
        ];
        if (own)
        {
            string project = OwnSteps.Tool.Write(folder, graph);
            cases.Add(new Case(Own, () => OwnSteps.PeakOfBuild(peak, project, OwnSteps.FileName), After: () => OwnSteps.VerifyAndForget(project, graph)));
        }

        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 0, cases, folder.Settle);
        Table.Print($"peak memory with {steps} steps, {rounds} rounds", Unit.Mebibytes, measurements, Comparison.AtMost(Own, 1.5, Bare), Comparison.Unbound(Own, ItemsAlone));
    }

    private static void Resumed(int rounds, string root, BenchmarkFolder folder, StepGraph graph, bool own, string steps)
    {
        List<Case> cases =
        [
            Case.Timed(Bare, () => OwnSteps.Build(root, "empty.proj")),
            Case.Timed(ItemsAlone, () => OwnSteps.Build(root, "items.proj")),
            Case.Timed(ItemsOnce, () => OwnSteps.Build(root, "items.proj", "--no-restore")),
        ];
        if (own)
        {
            string project = Unfinished(folder, graph);
            cases.Add(ResumeCase(Resume, project, graph));
            cases.Add(ResumeCase(ResumeOnce, project, graph, "--no-restore"));
        }

        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, warmUps: 1, cases, folder.Settle);
        Table.Print(
            $"resume of {steps} completed steps, {rounds} rounds",
            Unit.Milliseconds,
            measurements,
            Comparison.AtMost(Resume, 1.35, Bare),
            Comparison.Unbound(Resume, ItemsAlone),
            Comparison.Unbound(ResumeOnce, Bare),
            Comparison.Unbound(ResumeOnce, ItemsOnce));
    }

    private static Case ResumeCase(string name, string project, StepGraph graph, params string[] arguments) =>
        Case.Timed(name, () => OwnSteps.Build(project, OwnSteps.FileName, ["-p:KinetraResume=true", "-p:KinetraMaxParallel=1", .. arguments])) with
        {
            Before = () => OwnSteps.RestoreState(project),
            After = () =>
            {
                OwnSteps.Verify(project, graph);
                ExpectStarted(project, graph);
            },
        };

    // A run in which all steps complete but one more, which the resumed builds do not have.
    private static string Unfinished(BenchmarkFolder folder, StepGraph graph)
    {
        StepGraph counted = new("resumed", [.. graph.Steps.Select(step => step with { Command = $"echo &gt;&gt; {Started}" })]);
        string project = folder["resumed"];
        Directory.CreateDirectory(project);
        string last = $"""<KinetraStep Condition="'$(Broken)' == 'true'" Include="broken" Command="false" MaxAttempts="1" DependsOn="{graph.Steps[^1].Name}" />""";
        File.WriteAllText(Path.Combine(project, OwnSteps.FileName), StepFiles.Own(counted, more: last));
        DotNetResult result = DotNet.Run(project, ["build", OwnSteps.FileName, "-p:Broken=true", "-p:KinetraMaxParallel=1"]);
        if (result.ExitCode == 0)
        {
            throw new InvalidOperationException("A build with a step that fails succeeded: " + result);
        }

        ExpectStarted(project, graph);
        OwnSteps.KeepState(project);
        return project;
    }

    private static void ExpectStarted(string project, StepGraph graph)
    {
        FileInfo started = new(Path.Combine(project, Started));
        long count = started.Exists ? started.Length : 0;
        if (count != graph.Steps.Count)
        {
            throw new InvalidOperationException($"{project}: {count} steps were started, {graph.Steps.Count} should have been.");
        }
    }
}
