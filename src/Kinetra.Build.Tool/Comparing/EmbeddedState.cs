using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Kinetra.Build.Tool.Comparing;

/// <summary>The state of a run (docs/files.md) as a binlog has it embedded: unlike the summary it has every step.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long it took; null if that is not known.</param>
/// <param name="Steps">Its steps.</param>
internal sealed record EmbeddedState(string Workflow, string Id, string Status, TimeSpan? Duration, IReadOnlyList<ComparedStep> Steps)
{
    /// <summary>The states among the files that are embedded in a binlog. What cannot be read is none.</summary>
    /// <param name="archive">The files, as a ZIP archive.</param>
    public static IReadOnlyList<EmbeddedState> In(byte[] archive)
    {
        List<EmbeddedState> states = [];
        try
        {
            using ZipArchive zip = new(new MemoryStream(archive));
            foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
            {
                using Stream content = entry.Open();
                if (Read(content) is { } state)
                {
                    states.Add(state);
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
    private static EmbeddedState? Read(Stream content)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            JsonElement run = json.RootElement;
            return new EmbeddedState(Text(run, "workflow_name"), Text(run, "workflow_id"), Text(run, "status"), Seconds(run, "total_duration"), [.. run.GetProperty("steps").EnumerateArray().Select(StepOf)]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static ComparedStep StepOf(JsonElement step)
    {
        int occurrence = step.TryGetProperty("occurrence", out JsonElement number) ? number.GetInt32() : 1;
        string name = Text(step, "name") + (occurrence > 1 ? string.Create(CultureInfo.InvariantCulture, $"#{occurrence}") : "");
        string status = Text(step, "status");
        bool isRun = status is not ("skipped" or "cached") && !step.TryGetProperty("resumed_from", out _);
        return new ComparedStep(name, status, isRun ? Seconds(step, "duration") : null, isRun ? step.GetProperty("retry_count").GetInt32() + 1 : 0);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new JsonException(name);

    private static TimeSpan? Seconds(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;
}
