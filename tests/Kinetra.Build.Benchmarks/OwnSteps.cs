using System.Globalization;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Benchmarks;

/// <summary>Our steps form: how it is run, and whether it did what it is timed for.</summary>
internal static class OwnSteps
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "steps.proj";

    private const string StateDirectory = ".workflow_state";

    /// <summary>As a tool. Each run is the first one in its folder, without any history.</summary>
    public static StepTool Tool { get; } = new("ours", FileName, graph => StepFiles.Own(graph), Run, VerifyAndForget);

    /// <summary>The same with steps that say how long they take.</summary>
    public static StepTool ToolWithDurations { get; } =
        new("ours with `ExpectedDuration`", FileName, graph => StepFiles.Own(graph, withDurations: true), Run, VerifyAndForget);

    /// <summary>Whether the SDK has the steps form; if not, says that it is left out. Without it the items would mean nothing, at great speed.</summary>
    public static bool Exist()
    {
        bool exist = Directory.EnumerateFiles(Repository.PathTo("build"), "*.targets").Any(file => File.ReadAllText(file).Contains("<RunWorkflow", StringComparison.Ordinal));
        if (!exist)
        {
            Programs.Skip("ours", "the SDK has no steps form: nothing in build/ calls RunWorkflow");
        }

        return exist;
    }

    /// <summary>Builds a project, without servers and nodes that outlive it.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="project">Its name.</param>
    /// <param name="arguments">More arguments.</param>
    public static void Build(string folder, string project, params string[] arguments) => Expect(DotNet.Run(folder, ["build", project, .. arguments]));

    /// <summary>Builds a project and says how much memory that took at most, in KiB.</summary>
    /// <param name="peak">The program peers/peak.c.</param>
    /// <param name="folder">The project's folder.</param>
    /// <param name="project">Its name.</param>
    public static double PeakOfBuild(string peak, string folder, string project)
    {
        string answer = Path.Combine(folder, "peak.txt");
        using RunningDotNet running = DotNet.Start(folder, [answer, "dotnet", "build", project, "-p:KinetraMaxParallel=1"], program: peak);
        Expect(running.WaitForEnd(TimeSpan.FromMinutes(10)));
        return double.Parse(File.ReadAllText(answer), CultureInfo.InvariantCulture);
    }

    /// <summary>Checks that the last run completed, with each step of the graph, and removes all that it left.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="graph">The graph.</param>
    /// <exception cref="InvalidOperationException">It did something else, so its time says nothing.</exception>
    public static void VerifyAndForget(string folder, StepGraph graph)
    {
        Verify(folder, graph);
        foreach (string left in new[] { StateDirectory, "logs", "obj", "data" }.Select(name => Path.Combine(folder, name)).Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>Checks that the last run completed, with each step of the graph.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="graph">The graph.</param>
    /// <exception cref="InvalidOperationException">It did something else, so its time says nothing.</exception>
    public static void Verify(string folder, StepGraph graph)
    {
        string state = Path.Combine(folder, StateDirectory);
        string? file = Directory.Exists(state)
            ? Directory.EnumerateFiles(state, "????????_??????*.json").OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).LastOrDefault()
            : null;
        RunState? run = file is null ? null : RunState.Read(file);
        int completed = run?.Steps.Count(step => step.EndsWith(": completed", StringComparison.Ordinal)) ?? 0;
        if (run?.Status != "completed" || completed != graph.Steps.Count || run.Steps.Count != completed)
        {
            throw new InvalidOperationException($"{folder}: a run of {graph.Steps.Count} steps left the status \"{run?.Status}\", {run?.Steps.Count} steps and {completed} completed ones.");
        }
    }

    /// <summary>A copy of the state, which a later build can begin with.</summary>
    /// <param name="folder">The project's folder.</param>
    public static void KeepState(string folder) => Replace(Path.Combine(folder, StateDirectory), Path.Combine(folder, ".kept"));

    /// <summary>The state as it was kept.</summary>
    /// <param name="folder">The project's folder.</param>
    public static void RestoreState(string folder) => Replace(Path.Combine(folder, ".kept"), Path.Combine(folder, StateDirectory));

    private static void Run(string folder, int workers) =>
        Build(folder, FileName, string.Create(CultureInfo.InvariantCulture, $"-p:KinetraMaxParallel={workers}"));

    private static void Replace(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        // With the times of the files, by which caches know them.
        Programs.Run("cp", "-a", from, to);
    }

    private static void Expect(DotNetResult result)
    {
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
