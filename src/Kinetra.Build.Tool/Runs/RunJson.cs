using System.Text.Json.Nodes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Runs;

/// <summary>Runs as JSON, with the names of the state file.</summary>
internal static class RunJson
{
    /// <summary>The state (docs/files.md), with what the tool knows besides.</summary>
    public static JsonObject Whole(ArchivedRun run)
    {
        JsonObject json = JsonNode.Parse(run.FormatState())!.AsObject();
        Add(json, run);
        JsonArray steps = json["steps"]!.AsArray();
        for (int i = 0; i < steps.Count; i++)
        {
            StepRecord step = run.Steps[i];
            steps[i]!["attempts"] = step.AttemptsBegun;
            if (step.Status == StepStatus.Running && step.AttemptsBegun > 0)
            {
                steps[i]!["log_file"] = run.OutputOf(step, step.AttemptsBegun)?.Display;
            }
        }

        return json;
    }

    /// <summary>The run without its steps.</summary>
    public static JsonObject Short(ArchivedRun run)
    {
        JsonObject json = new()
        {
            ["workflow_name"] = run.Workflow,
            ["workflow_id"] = run.Id,
            ["start_time"] = JsonOutput.Time(run.StartTime),
            ["total_duration"] = JsonOutput.Seconds(run.Duration),
            ["status"] = run.Status.Word(),
            ["continues"] = run.ContinuesId,
            ["error"] = run.Error,
        };
        Add(json, run);
        json["steps"] = Counts(run);
        return json;
    }

    /// <summary>How many steps have each status.</summary>
    public static JsonObject Counts(ArchivedRun run) =>
        new(run.Steps.GroupBy(step => step.Status).OrderBy(group => group.Key).Select(group => KeyValuePair.Create(group.Key.Word(), (JsonNode?)group.Count())));

    private static void Add(JsonObject json, ArchivedRun run)
    {
        json["number"] = run.Number;
        json["partial"] = run.IsPartial;
        json["alive"] = run.IsAlive;
        json["killed"] = run.IsKilled;
        json["pid"] = run.ProcessId;
        json["host"] = run.Host;
    }
}
