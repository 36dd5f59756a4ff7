using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;
using Spectre.Console;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra history</c>: the runs that are kept; with a step, how that fared in them.</summary>
internal static class HistoryCommand
{
    private const int Standard = 20;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string?> step = new("step") { Description = "Show how this step fared in the runs, rather than the runs.", Arity = ArgumentArity.ZeroOrOne };
        step.CompletionSources.Add(CommonOptions.StepNames);
        Option<int> count = new("--count", "-n") { Description = "How many runs, the newest first.", DefaultValueFactory = _ => Standard, HelpName = "N" };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1))
            {
                result.AddError($"--count: \"{result.Tokens[0].Value}\" is not a whole number of 1 or more.");
            }
        });
        Option<string?> workflow = new("--workflow") { Description = "Only the runs of this workflow. Default: all in the state directory.", HelpName = "NAME" };
        Command command = new("history", "The last runs, or how a step fared in them.") { step, count };
        RunOptions options = new(command, workflow);
        command.SetAction(parsed =>
        {
            RunArchive archive = options.Archive(parsed);
            ArchivedRun last = options.Run(parsed, archive, null);
            List<ArchivedRun> runs = [];
            List<KinetraException> damaged = [];
            Read(archive, options.Workflow(parsed), parsed.GetValue(count), runs, damaged);
            if (parsed.GetValue(step) is { } name)
            {
                PrintStep(runs, last, name, options.IsJson(parsed));
            }
            else if (options.IsJson(parsed))
            {
                JsonOutput.Print(new JsonObject { ["runs"] = JsonOutput.Array(runs.Select(RunJson.Short)) });
            }
            else
            {
                Print(runs);
            }

            damaged.ForEach(Messages.Warning);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Read(RunArchive archive, string? workflow, int count, List<ArchivedRun> runs, List<KinetraException> damaged)
    {
        foreach (string id in archive.Ids())
        {
            if (runs.Count == count)
            {
                return;
            }

            try
            {
                if (archive.Find(id) is { } run && (workflow is null || run.Workflow == workflow))
                {
                    _ = run.Steps;
                    runs.Add(run);
                }
            }
            catch (KinetraException error)
            {
                damaged.Add(error);
            }
        }
    }

    private static void Print(List<ArchivedRun> runs)
    {
        bool several = runs.Select(run => run.Workflow).Distinct().Count() > 1;
        Table table = several ? Screen.Table("run", "workflow", "status", "began", "time>", "steps") : Screen.Table("run", "status", "began", "time>", "steps");
        foreach (ArchivedRun run in runs)
        {
            string steps = string.Join(", ", run.Steps.GroupBy(step => step.Status).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.Word()}"));
            string continues = run.ContinuesId is { } id ? $"{(steps.Length > 0 ? "; " : "")}continues {id}" : "";
            List<Text> cells = [Screen.Cell(run.Id)];
            if (several)
            {
                cells.Add(Screen.Cell(run.Workflow));
            }

            cells.AddRange([
                Screen.Cell(StatusStyle.Word(run.Status, run.IsKilled), StatusStyle.Of(run.Status, run.IsKilled)),
                Screen.Cell(StatusView.Ago(StatusView.Since(run.StartTime))),
                Screen.Cell(run.Duration is { } duration ? Duration.Format(duration) : ""),
                Screen.Cell(steps + continues)]);
            table.AddRow(cells);
        }

        Screen.Out.Write(table);
    }

    private static void PrintStep(List<ArchivedRun> runs, ArchivedRun last, string name, bool json)
    {
        (ArchivedRun Run, StepRecord Step)[] found = [.. runs.SelectMany(run => run.Steps.Where(step => step.Name == name).Select(step => (run, step)))];
        if (found.Length == 0)
        {
            // It says what names there are.
            found = [(last, RunChoice.FindStep(last, name))];
        }

        if (json)
        {
            JsonOutput.Print(new JsonObject
            {
                ["step"] = name,
                ["runs"] = JsonOutput.Array(found.Select(item => new JsonObject
                {
                    ["workflow_id"] = item.Run.Id,
                    ["status"] = item.Step.Status.Word(),
                    ["occurrence"] = item.Step.Occurrence,
                    ["start_time"] = JsonOutput.Time(item.Step.StartTime),
                    ["duration"] = JsonOutput.Seconds(item.Step.Duration),
                    ["attempts"] = item.Step.AttemptsBegun,
                    ["exit_code"] = item.Step.ExitCode,
                    ["reason"] = item.Step.Reason,
                    ["resumed_from"] = item.Step.ResumedFrom,
                })),
            });
            return;
        }

        Table table = Screen.Table("run", "status", "time>", "attempts>", "");
        foreach ((ArchivedRun run, StepRecord step) in found)
        {
            StepFacts facts = StepFacts.Of(step);
            table.AddRow(
                Screen.Cell(run.Id + (step.Occurrence > 1 ? $" #{step.Occurrence}" : "")),
                Screen.Cell(step.Status.Word(), StatusStyle.Of(step.Status)),
                Screen.Cell(StatusView.Time(facts)),
                Screen.Cell(step.AttemptsBegun > 0 ? step.AttemptsBegun.ToString(CultureInfo.InvariantCulture) : ""),
                Screen.Cell(StatusView.Note(facts)));
        }

        Screen.Out.Write(table);
    }
}
