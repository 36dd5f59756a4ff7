using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>How far a run is, and how long it still takes, as it was estimated last.</summary>
/// <param name="Done">How many steps of its graph have ended.</param>
/// <param name="Total">How many there are.</param>
/// <param name="PercentOfWork">The share of the work that is done; null while durations are still to be learned.</param>
/// <param name="Median">The time left that is as likely too long as too short; null if it is not known.</param>
/// <param name="P90">The time left that is enough in nine of ten cases; null if it is not known.</param>
/// <param name="CriticalPath">The steps, by name, that determine the end.</param>
public sealed record RunEstimate(int Done, int Total, int? PercentOfWork, TimeSpan? Median, TimeSpan? P90, IReadOnlyList<string> CriticalPath)
{
    /// <summary>Writes it as a JSON object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("steps_done", Done);
        json.WriteNumber("steps_total", Total);
        json.WriteOptional("percent_of_work"u8, PercentOfWork);
        json.WriteSeconds("time_left"u8, Median);
        json.WriteSeconds("time_left_p90"u8, P90);
        json.WriteStartArray("critical_path");
        foreach (string step in CriticalPath)
        {
            json.WriteStringValue(step);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static RunEstimate Read(JsonElement json) => new(
        json.GetProperty("steps_done").GetInt32(),
        json.GetProperty("steps_total").GetInt32(),
        json.GetProperty("percent_of_work") is { ValueKind: JsonValueKind.Number } percent ? percent.GetInt32() : null,
        Seconds(json.GetProperty("time_left")),
        Seconds(json.GetProperty("time_left_p90")),
        [.. json.GetProperty("critical_path").EnumerateArray().Select(step => step.GetString() ?? throw new JsonException("critical_path"))]);

    private static TimeSpan? Seconds(JsonElement json) => json.ValueKind == JsonValueKind.Number ? StateFile.Seconds(json.GetDouble()) : null;
}
