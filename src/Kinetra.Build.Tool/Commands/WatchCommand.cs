using System.CommandLine;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Live;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra watch</c>: a run while it goes on, whoever started it.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> run = CommonOptions.Run();
        Option<string?> step = new("--step") { Description = "The step whose output is shown. Default: one that determines the end of the run.", HelpName = "STEP" };
        step.CompletionSources.Add(CommonOptions.StepNames);
        Option<bool> once = new("--once") { Description = "Show one frame and end." };
        Option<bool> wait = new("--wait") { Description = "If no run goes on, wait for one." };
        Command command = new("watch", "Show a run while it goes on: what runs, how far it is, the time left, the output of a step.") { run, step, once, wait };
        RunOptions options = new(command);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            RunArchive archive = options.Archive(parsed);
            ArchivedRun chosen = parsed.GetValue(wait)
                ? WaitForRun(archive, options.Workflow(parsed), interruption.Token)
                : options.Run(parsed, archive, parsed.GetValue(run));
            string? name = parsed.GetValue(step);
            if (name is not null && !chosen.IsAlive)
            {
                name = StatusView.Name(RunChoice.FindStep(chosen, name));
            }

            if (parsed.GetValue(once))
            {
                PrintOnce(chosen, name, options.IsJson(parsed));
                return StatusCommand.ExitCodeOf(chosen);
            }

            if (options.IsJson(parsed) || !Screen.IsTerminal)
            {
                chosen = new LineFollower(options.IsJson(parsed)).Follow(() => archive.Find(chosen.Id), interruption.Token) ?? chosen;
                return interruption.Token.IsCancellationRequested ? ExitCodes.Interrupted : StatusCommand.ExitCodeOf(chosen);
            }

            // Of a run that is removed while it is watched, the last thing that was known stays.
            chosen = new LiveRun(name).Show(() => archive.Find(chosen.Id), now => now is not { IsAlive: true }, interruption.Token) ?? chosen;
            StatusView.Print(chosen, all: false);
            return interruption.Token.IsCancellationRequested ? ExitCodes.Interrupted : StatusCommand.ExitCodeOf(chosen);
        });
        return command;
    }

    private static void PrintOnce(ArchivedRun run, string? step, bool json)
    {
        if (json)
        {
            JsonOutput.Print(RunJson.Whole(run));
        }
        else
        {
            Screen.Out.Write(new LiveRun(step).Frame(run, isLast: true));
        }
    }

    private static ArchivedRun WaitForRun(RunArchive archive, string? workflow, CancellationToken cancellation)
    {
        bool told = false;
        while (true)
        {
            if (archive.Last(workflow) is { IsAlive: true } run)
            {
                return run;
            }

            if (!told)
            {
                Messages.Note("Waiting for a run to begin; Ctrl-C ends it.");
                told = true;
            }

            if (cancellation.WaitHandle.WaitOne(Pause))
            {
                throw new OperationCanceledException(cancellation);
            }
        }
    }
}
