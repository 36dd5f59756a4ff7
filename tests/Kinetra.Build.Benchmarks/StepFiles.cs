using System.Globalization;
using System.Text;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Benchmarks;

/// <summary>One graph as the file of each tool. No step has inputs or outputs, so every run runs them all; snakemake cannot do without.</summary>
internal static class StepFiles
{
    /// <summary>For GNU make: phony, so that it looks for no file.</summary>
    /// <param name="graph">The graph.</param>
    public static string Make(StepGraph graph)
    {
        string names = string.Join(' ', graph.Steps.Select(step => step.Name));
        return $".PHONY: all {names}\nall: {names}\n" + Each(graph, step => $"{step.Name}: {string.Join(' ', step.DependsOn)}\n\t@{step.Command}\n");
    }

    /// <summary>For ninja.</summary>
    /// <param name="graph">The graph.</param>
    public static string Ninja(StepGraph graph) =>
        "rule run\n  command = $line\n" +
        Each(graph, step => $"build {step.Name}: run{(step.DependsOn.Count > 0 ? " | " : "")}{string.Join(' ', step.DependsOn)}\n  line = {step.Command}\n");

    /// <summary>For doit.</summary>
    /// <param name="graph">The graph.</param>
    public static string Doit(StepGraph graph) =>
        "STEPS = [\n" +
        Each(graph, step => $"  ('{step.Name}', '{step.Command}', [{string.Join(", ", step.DependsOn.Select(name => $"'steps:{name}'"))}]),\n") +
        "]\n\ndef task_steps():\n  for name, command, before in STEPS:\n    yield {'name': name, 'actions': [command], 'task_dep': before}\n";

    /// <summary>For snakemake, which knows steps by their files only.</summary>
    /// <param name="graph">The graph.</param>
    public static string Snakemake(StepGraph graph) =>
        $"rule all:\n  input: {Files(graph.Steps.Select(step => step.Name))}\n" +
        Each(graph, step => $"rule {step.Name}:\n{(step.DependsOn.Count > 0 ? $"  input: {Files(step.DependsOn)}\n" : "")}  output: touch(\"{step.Name}.done\")\n  shell: \"{step.Command}\"\n");

    /// <summary>For MSBuild alone: a target with an <c>Exec</c> for each step.</summary>
    /// <param name="graph">The graph.</param>
    public static string Exec(StepGraph graph) =>
        $"<Project DefaultTargets=\"Build\">\n<Target Name=\"Build\" DependsOnTargets=\"{string.Join(';', graph.Steps.Select(step => step.Name))}\" />\n" +
        Each(graph, step => $"<Target Name=\"{step.Name}\" DependsOnTargets=\"{string.Join(';', step.DependsOn)}\"><Exec Command=\"{step.Command}\" /></Target>\n") +
        "</Project>\n";

    /// <summary>For us.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="withDurations">Whether the steps say how long they take.</param>
    /// <param name="more">More items.</param>
    public static string Own(StepGraph graph, bool withDurations = false, string more = "") =>
        WorkflowProject.Xml($"<ItemGroup>\n{Items(graph, withDurations)}{more}</ItemGroup>", targets: "");

    /// <summary>The same items in a project without our SDK that does nothing with them: what reading them costs.</summary>
    /// <param name="graph">The graph.</param>
    public static string ItemsAlone(StepGraph graph) => $"<Project>\n<ItemGroup>\n{Items(graph, withDurations: false)}</ItemGroup>\n<Target Name=\"Build\" />\n</Project>\n";

    private static string Items(StepGraph graph, bool withDurations) => Each(graph, step =>
    {
        string dependsOn = step.DependsOn.Count > 0 ? $" DependsOn=\"{string.Join(';', step.DependsOn)}\"" : "";
        string duration = withDurations ? string.Create(CultureInfo.InvariantCulture, $" ExpectedDuration=\"{step.Milliseconds}ms\"") : "";
        return $"<KinetraStep Include=\"{step.Name}\" Command=\"{step.Command}\"{dependsOn}{duration} />\n";
    });

    private static string Files(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}.done\""));

    private static string Each(StepGraph graph, Func<GraphStep, string> text)
    {
        StringBuilder all = new();
        foreach (GraphStep step in graph.Steps)
        {
            all.Append(text(step));
        }

        return all.ToString();
    }
}
