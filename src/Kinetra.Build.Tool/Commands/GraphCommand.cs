using System.CommandLine;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Graphs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra graph</c>: the graph of a project's steps, with what became of them.</summary>
internal static class GraphCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<string> format = new("--format", "-f") { Description = "mermaid (default) for Markdown, dot for Graphviz, svg (a picture), json.", DefaultValueFactory = _ => "mermaid", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong("mermaid", "dot", "svg", "json");
        Option<bool> noRun = new("--no-run") { Description = "Leave out what became of the steps." };
        Option<string?> run = CommonOptions.RunOption(), project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("graph", "The graph of the project's steps, with what became of them in the last run.") { format, run, noRun, project, properties, json };
        command.SetAction(parsed =>
        {
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? [], withSteps: true);
            RunArchive archive = new(evaluated.StateDirectory, evaluated.Directory);
            if (parsed.GetValue(noRun) && parsed.GetValue(run) is not null)
            {
                throw new KinetraException(DiagnosticCodes.WrongUsage, "--run and --no-run are both given. Give one of them.");
            }

            ArchivedRun? chosen = parsed.GetValue(noRun) ? null
                : parsed.GetValue(run) is { } text ? RunChoice.Find(archive, text, evaluated.Workflow)
                : archive.Last(evaluated.Workflow);
            DrawnGraph graph = DrawnGraph.Of(evaluated, chosen);
            switch (parsed.GetValue(json) ? "json" : parsed.GetValue(format))
            {
                case "json":
                    JsonOutput.Print(GraphJson.Of(graph));
                    break;
                case "dot":
                    Console.Out.Write(DotGraph.Format(graph));
                    break;
                case "svg":
                    Console.Out.Write(SvgGraph.Format(graph));
                    break;
                default:
                    Console.Out.Write(MermaidGraph.Format(graph));
                    break;
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
