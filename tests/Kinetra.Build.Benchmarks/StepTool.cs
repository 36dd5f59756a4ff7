using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>Something that runs a graph of steps.</summary>
/// <param name="Name">As a table shows it.</param>
/// <param name="FileName">What its file is called.</param>
/// <param name="Text">Its file for a graph.</param>
/// <param name="Run">Runs the file in a folder, with so many steps at a time.</param>
/// <param name="After">What comes after each run and does not count: looks at what the run left and removes it. Null for nothing.</param>
internal sealed record StepTool(string Name, string FileName, Func<StepGraph, string> Text, Action<string, int> Run, Action<string, StepGraph>? After = null)
{
    /// <summary>GNU make; null, with a line that says so, if it is not there.</summary>
    public static StepTool? Make { get; } = IfThere("make", new StepTool("make", "Makefile", StepFiles.Make, (folder, workers) =>
        Programs.RunIn(folder, "make", "-s", "-j" + Number(workers))));

    /// <summary>ninja; null if it is not there.</summary>
    public static StepTool? Ninja { get; } = IfThere("ninja", new StepTool("ninja", "build.ninja", StepFiles.Ninja, (folder, workers) =>
        Programs.RunIn(folder, "ninja", "-j" + Number(workers))));

    /// <summary>doit; null if it is not there. Several steps at a time are its processes, one alone needs none.</summary>
    public static StepTool? Doit { get; } = IfThere("doit", new StepTool("doit", "dodo.py", StepFiles.Doit, (folder, workers) =>
        Programs.RunIn(folder, "doit", workers > 1 ? ["-n", Number(workers)] : [])));

    /// <summary>snakemake; null if it is not there. Each run makes its files anew.</summary>
    public static StepTool? Snakemake { get; } = IfThere("snakemake", new StepTool("snakemake", "Snakefile", StepFiles.Snakemake, (folder, workers) =>
        Programs.RunIn(folder, "snakemake", "--forceall", "--quiet", "--cores", Number(workers))));

    /// <summary>MSBuild with a target and an <c>Exec</c> for each step, one at a time.</summary>
    public static StepTool Exec { get; } = new("`<Exec>` targets", "exec.proj", StepFiles.Exec, (folder, _) => OwnSteps.Build(folder, "exec.proj"));

    /// <summary>Writes the tool's file.</summary>
    /// <param name="folder">Where; the tool and the graph get a folder of their own.</param>
    /// <param name="graph">The graph.</param>
    /// <returns>The folder of their own.</returns>
    public string Write(BenchmarkFolder folder, StepGraph graph)
    {
        string own = folder[Path.Combine(graph.Name, FileName + "." + OwnFolderSuffix())];
        Directory.CreateDirectory(own);
        File.WriteAllText(Path.Combine(own, FileName), Text(graph));
        return own;
    }

    /// <summary>As a case of an interleaved run.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="graph">What it runs.</param>
    /// <param name="workers">How many steps at a time.</param>
    public Case As(BenchmarkFolder folder, StepGraph graph, int workers = 1)
    {
        string own = Write(folder, graph);
        return Case.Timed(NameFor(graph.Steps.Count), () => Run(own, workers)) with { After = () => After?.Invoke(own, graph) };
    }

    /// <summary>The name of the case with so many steps.</summary>
    /// <param name="steps">How many.</param>
    public string NameFor(int steps) => NameFor(Name, steps);

    /// <summary>The name of a case with so many steps.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="steps">How many.</param>
    public static string NameFor(string tool, int steps) => string.Create(CultureInfo.InvariantCulture, $"{tool}, {steps:#,0} steps");

    // Ours comes in two forms with one file name.
    private string OwnFolderSuffix() => string.Concat(Name.Where(char.IsAsciiLetterOrDigit));

    private static StepTool? IfThere(string program, StepTool tool) => Programs.Has(program, tool.Name) ? tool : null;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
