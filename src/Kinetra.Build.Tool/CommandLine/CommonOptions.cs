using System.CommandLine;
using System.CommandLine.Completions;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.CommandLine;

/// <summary>Options and arguments that several commands have, each command its own.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, in the form that docs/kinetra.md describes." };

    /// <summary><c>--all</c>.</summary>
    public static Option<bool> All() => new("--all") { Description = "List all steps, however many there are." };

    /// <summary><c>--state</c>.</summary>
    public static Option<string?> State() => new("--state") { Description = "The state directory. Default: .workflow_state here or above, else that of the project here.", HelpName = "DIR" };

    /// <summary><c>--project</c>.</summary>
    public static Option<string?> Project() => new("--project") { Description = "The project, or its directory. Default: the only project here.", HelpName = "FILE" };

    /// <summary><c>--property</c>.</summary>
    public static Option<string[]> Properties() => new("--property", "-p") { Description = "A property for the project, as given to dotnet build.", HelpName = "NAME=VALUE", Arity = ArgumentArity.ZeroOrMore };

    /// <summary><c>--workflow</c>.</summary>
    public static Option<string?> Workflow() => new("--workflow") { Description = "The workflow, where several share a state directory. Default: the one that ran last.", HelpName = "NAME" };

    /// <summary><c>--run</c>.</summary>
    public static Option<string?> RunOption()
    {
        Option<string?> option = new("--run") { Description = RunDescription, HelpName = "RUN" };
        option.CompletionSources.Add(RunIds);
        return option;
    }

    /// <summary>The run as an argument.</summary>
    /// <param name="name">Its name.</param>
    public static Argument<string?> Run(string name = "run")
    {
        Argument<string?> argument = new(name) { Description = RunDescription, Arity = ArgumentArity.ZeroOrOne };
        argument.CompletionSources.Add(RunIds);
        return argument;
    }

    /// <summary>The names of the steps of the last run, for completion.</summary>
    public static IEnumerable<CompletionItem> StepNames(CompletionContext context) => Complete(archive =>
        archive.Last()?.Steps.Select(step => step.Name).Distinct() ?? []);

    /// <summary>The ids of the runs, for completion.</summary>
    public static IEnumerable<CompletionItem> RunIds(CompletionContext context) => Complete(archive => archive.Ids());

    private const string RunDescription = "The run: its id or an unmistakable beginning or end of it, \"last\" (default), or \"previous\".";

    // What cannot be read is not completed; a prompt is no place for errors.
    private static CompletionItem[] Complete(Func<RunArchive, IEnumerable<string>> values)
    {
        try
        {
            return StateFinder.Above(Environment.CurrentDirectory) is { } directory
                ? [.. values(new RunArchive(PathDisplay.FilePath(directory))).Select(value => new CompletionItem(value))]
                : [];
        }
        catch (KinetraException)
        {
            return [];
        }
    }
}
