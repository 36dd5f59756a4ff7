using System.IO.Compression;
using System.Text.Json;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Comparing;

/// <summary>Reads the states of runs (docs/files.md) that a binlog has embedded: unlike the summary they have every step.</summary>
internal static class EmbeddedState
{
    /// <summary>The states among the files that are embedded in a binlog. What cannot be read is none.</summary>
    /// <param name="archive">The files, as a ZIP archive.</param>
    public static IReadOnlyList<RunFacts> In(byte[] archive)
    {
        List<RunFacts> states = [];
        try
        {
            using ZipArchive zip = new(new MemoryStream(archive));
            HashSet<string> names = [.. zip.Entries.Select(entry => NameOf(entry.FullName))];
            foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
            {
                using Stream content = entry.Open();
                if (Read(content) is { } state)
                {
                    // The report stands beside the log, and is embedded if there is one.
                    string? report = Path.ChangeExtension(state.LogFile, ".html");
                    states.Add(report is not null && names.Contains(NameOf(report)) ? state with { ReportFile = report } : state);
                }
            }
        }
        catch (InvalidDataException)
        {
            // The summary is there all the same.
        }

        return states;
    }

    // Anybody may embed files, so that most JSON is no state.
    private static RunFacts? Read(Stream content)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            JsonElement run = json.RootElement;
            RunStatus status = StatusWord.RunStatusOf(Text(run, "status"));
            return new RunFacts(Text(run, "workflow_name"), Text(run, "workflow_id"), status, StartTime(run), Seconds(run, "total_duration"), [.. run.GetProperty("steps").EnumerateArray().Select(StepOf)])
            {
                ContinuesId = OptionalText(run, "continues"),
                Timing = Known(run, "timing") is { } timing ? TimingOf(timing) : null,
                Error = OptionalText(run, "error"),
                LogFile = OptionalText(run, "log_file"),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static StepFacts StepOf(JsonElement step)
    {
        StepStatus status = StatusWord.StepStatusOf(Text(step, "status"));
        string? reason = OptionalText(step, "reason");

        // It counts retries, so that one attempt and none look alike. What failed before its first attempt has no reason to have been run either.
        bool wasTried = status is not (StepStatus.Skipped or StepStatus.Cached) && !(status == StepStatus.Failed && reason is null);
        return new StepFacts(
            StepFacts.NameOf(Text(step, "name"), Number(step, "occurrence") ?? 1),
            status,
            StartTime(step),
            Seconds(step, "duration"),
            wasTried ? step.GetProperty("retry_count").GetInt32() + 1 : 0)
        {
            IsCritical = step.GetProperty("critical").GetBoolean(),
            Reason = reason,
            ResumedFrom = OptionalText(step, "resumed_from"),
            ExitCode = Number(step, "exit_code"),
            Error = OptionalText(step, "error"),
            Waited = Seconds(step, "waiting_time"),
            UsualDuration = Seconds(step, "usual_duration"),
        };
    }

    private static GraphTiming TimingOf(JsonElement timing) => new(
        [.. timing.GetProperty("critical_path").EnumerateArray().Select(step => step.GetString() ?? throw new JsonException("critical_path"))],
        TimeSpan.FromSeconds(timing.GetProperty("path_duration").GetDouble()),
        TimeSpan.FromSeconds(timing.GetProperty("work").GetDouble()));

    private static string Text(JsonElement json, string name) => OptionalText(json, name) ?? throw new JsonException(name);

    private static string? OptionalText(JsonElement json, string name) => Known(json, name)?.GetString();

    private static int? Number(JsonElement json, string name) => Known(json, name)?.GetInt32();

    private static TimeSpan? Seconds(JsonElement json, string name) => Known(json, name) is { } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;

    private static DateTimeOffset StartTime(JsonElement json) => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(json.GetProperty("start_time").GetDouble());

    private static JsonElement? Known(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // Paths of another system too.
    private static string NameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
