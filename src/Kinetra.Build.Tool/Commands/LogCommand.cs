using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Live;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra log</c>: the log of a run, or the output of an attempt of a step.</summary>
internal static class LogCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> step = new("step") { Description = "The step whose output to print; name#2 for the second one of that name. Default: the run log.", Arity = ArgumentArity.ZeroOrOne };
        step.CompletionSources.Add(CommonOptions.StepNames);
        Option<int?> attempt = new("--attempt") { Description = "The attempt, from 1. Default: the last.", HelpName = "N" };
        Option<bool> follow = new("--follow", "-f") { Description = "Go on printing until the step, or the run, has ended." };
        Option<bool> path = new("--path") { Description = "Print the path only." };
        Option<string?> run = CommonOptions.RunOption();
        Command command = new("log", "The log of a run, or the output of a step.") { step, run, attempt, follow, path };
        RunOptions options = new(command);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            RunArchive archive = options.Archive(parsed);
            ArchivedRun chosen = options.Run(parsed, archive, parsed.GetValue(run));
            LogSource source = parsed.GetValue(step) is { } name ? LogSource.OfStep(archive, chosen, RunChoice.FindStep(chosen, name), parsed.GetValue(attempt)) : LogSource.OfRun(archive, chosen);
            if (parsed.GetValue(attempt) is not null && parsed.GetValue(step) is null)
            {
                throw new KinetraException(DiagnosticCodes.WrongUsage, "--attempt needs a step: kinetra log STEP --attempt 1.");
            }

            if (options.IsJson(parsed) && !parsed.GetValue(path))
            {
                JsonOutput.Print(ToJson(source, chosen));
            }
            else
            {
                Print(source, parsed.GetValue(path), parsed.GetValue(follow), interruption.Token);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Print(LogSource source, bool pathOnly, bool follow, CancellationToken cancellation)
    {
        if (follow && !pathOnly)
        {
            source.WaitForOutput(cancellation);
        }

        if (source.Printed is not { } file)
        {
            Messages.Note($"Step \"{source.Step}\", attempt {source.Attempt}, has printed nothing{(source.HasEnded() ? "" : " yet; --follow waits for it")}.");
        }
        else if (pathOnly)
        {
            Console.Out.WriteLine(PathDisplay.Of(file.Full));
        }
        else
        {
            new LogPrinter(Console.Out, Screen.IsTerminal).Print(file, follow ? source.HasEnded : null, cancellation);
        }
    }

    private static JsonObject ToJson(LogSource source, ArchivedRun run)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        FilePath? printed = source.Printed;
        if (printed is { } file)
        {
            new LogPrinter(text, isClean: false).Print(file, hasEnded: null, CancellationToken.None);
        }

        IEnumerable<string> lines = printed is null ? [] : text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        return new JsonObject
        {
            ["workflow_id"] = run.Id,
            ["step"] = source.Step,
            ["attempt"] = source.Attempt,
            ["log_file"] = printed?.Display,
            ["lines"] = JsonOutput.Array(lines.Select(line => (JsonNode)line)),
        };
    }
}
