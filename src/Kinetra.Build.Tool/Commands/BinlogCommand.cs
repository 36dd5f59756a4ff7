using System.CommandLine;
using System.Text.Json.Nodes;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Comparing;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra binlog</c>: the page of <c>kinetra status</c>, and the steps, of a run from a binlog alone.</summary>
internal static class BinlogCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The binlog, as dotnet build -bl writes it." };
        Option<bool> json = CommonOptions.Json();
        Option<bool> all = CommonOptions.All();
        Command command = new("binlog", "How the runs in a binlog ended; nothing else is needed.") { file, json, all };
        command.SetAction(parsed =>
        {
            IReadOnlyList<BinlogRun> runs = BinlogRun.Read(parsed.GetValue(file)!);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["runs"] = JsonOutput.Array(runs.Select(ToJson)) });
            }
            else
            {
                Print(runs, parsed.GetValue(all));
            }

            return runs.All(run => run.Status == "completed") ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }

    private static void Print(IReadOnlyList<BinlogRun> runs, bool all)
    {
        foreach ((int index, BinlogRun run) in runs.Index())
        {
            if (index > 0)
            {
                Screen.Line("");
            }

            if (run.State is { } state)
            {
                StatusView.Print(state, all);
                continue;
            }

            foreach (string line in run.Lines)
            {
                Screen.Line(line);
            }

            Messages.Note($"No state in the binlog is for certain that of run {run.Id}: this is the summary that its build has printed.");
        }
    }

    private static JsonObject ToJson(BinlogRun run) => new()
    {
        ["workflow_name"] = run.Workflow,
        ["workflow_id"] = run.Id,
        ["status"] = run.Status,
        ["total_duration"] = JsonOutput.Seconds(run.Duration),
        ["steps"] = JsonOutput.Array(run.Steps.Select(step =>
        {
            JsonObject json = step.ToJson();
            json.Insert(0, "name", step.Name);
            return json;
        })),
        ["from_state"] = run.State is not null,
        ["summary"] = JsonOutput.Array(run.Lines.Select(line => (JsonNode)line)),
    };
}
