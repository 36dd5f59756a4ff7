using System.Text.Json;
using Kinetra.Build.Core.Files;

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
    internal static GraphTiming Read(ref JsonScanner json)
    {
        List<string>? path = null;
        (TimeSpan? length, TimeSpan? work) = (null, null);
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("critical_path"u8))
            {
                path = [];
                json.BeginArray();
                while (json.NextItem())
                {
                    path.Add(json.ReadText());
                }
            }
            else if (json.IsNamed("path_duration"u8))
            {
                length = json.ReadSeconds();
            }
            else if (json.IsNamed("work"u8))
            {
                work = json.ReadSeconds();
            }
            else
            {
                json.Skip();
            }
        }

        return new GraphTiming(
            path ?? throw new JsonException("critical_path"),
            length ?? throw new JsonException("path_duration"),
            work ?? throw new JsonException("work"));
    }
}
