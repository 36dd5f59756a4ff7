using System.CommandLine;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra status</c>: how a run stands, or ended.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> run = CommonOptions.Run();
        Option<bool> all = CommonOptions.All();
        Command command = new("status", "How the last run, or a given one, stands or ended.") { run, all };
        RunOptions options = new(command);
        command.SetAction(parsed =>
        {
            RunArchive archive = options.Archive(parsed);
            ArchivedRun chosen = options.Run(parsed, archive, parsed.GetValue(run));
            if (options.IsJson(parsed))
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
