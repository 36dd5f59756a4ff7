using System.CommandLine;
using System.Text.Json.Nodes;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Comparing;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra binlog</c>: the summary and the steps of a run from a binlog alone.</summary>
internal static class BinlogCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The binlog, as dotnet build -bl writes it." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("binlog", "Print the summary of the runs in a binlog; nothing else is needed.") { file, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<BinlogRun> runs = BinlogRun.Read(parsed.GetValue(file)!);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["runs"] = JsonOutput.Array(runs.Select(ToJson)) });
            }
            else
            {
                foreach (string line in runs.SelectMany(run => run.Lines))
                {
                    Screen.Line(line);
                }
            }

            return runs.All(run => run.Status == "completed") ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
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
