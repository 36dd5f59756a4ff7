using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>What determined how long the graph of a run took.</summary>
/// <param name="CriticalPath">The steps, by name, that determined the end, each depending on the one before it.</param>
/// <param name="PathDuration">How long these took together.</param>
/// <param name="Work">How long all steps took together that did work in this run.</param>
public sealed record GraphTiming(IReadOnlyList<string> CriticalPath, TimeSpan PathDuration, TimeSpan Work)
{
    /// <summary>Writes it as a JSON object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("critical_path");
        foreach (string step in CriticalPath)
        {
            json.WriteStringValue(step);
        }

        json.WriteEndArray();
        json.WriteSeconds("path_duration"u8, PathDuration);
        json.WriteSeconds("work"u8, Work);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static GraphTiming Read(JsonElement json) => new(
        [.. json.GetProperty("critical_path").EnumerateArray().Select(step => step.GetString() ?? throw new JsonException("critical_path"))],
        StateFile.Seconds(json.GetProperty("path_duration").GetDouble()),
        StateFile.Seconds(json.GetProperty("work").GetDouble()));
}
