using System.CommandLine;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra status</c>: how a run stands, or ended.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> run = CommonOptions.Run();
        Option<bool> all = new("--all") { Description = "List all steps, however many there are." };
        Option<string?> workflow = CommonOptions.Workflow(), state = CommonOptions.State(), project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("status", "How the last run, or a given one, stands or ended.") { run, all, workflow, state, project, properties, json };
        command.SetAction(parsed =>
        {
            RunArchive archive = StateFinder.Find(parsed.GetValue(state), parsed.GetValue(project), parsed.GetValue(properties) ?? []);
            ArchivedRun chosen = RunChoice.Find(archive, parsed.GetValue(run), parsed.GetValue(workflow));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(RunJson.Whole(chosen));
            }
            else
            {
                StatusView.Print(chosen, parsed.GetValue(all));
            }

            return ExitCodeOf(chosen);
        });
        return command;
    }

    /// <summary>The exit code that tells how a run ended: 0 also while it goes on.</summary>
    public static int ExitCodeOf(ArchivedRun run) => run.Status == RunStatus.Completed || run.IsAlive ? ExitCodes.Fine : ExitCodes.Failed;
}
