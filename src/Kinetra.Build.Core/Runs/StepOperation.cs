using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>A part of a step that its output has timed, with <c>::group::NAME</c> and <c>::endgroup::</c>: the seed's <c>timed_operation</c>.</summary>
/// <param name="Name">Its name, secrets masked, in one line.</param>
/// <param name="Duration">How long it took, by a clock that is never set back.</param>
public sealed record StepOperation(string Name, TimeSpan Duration)
{
    /// <summary>How long after the attempt it began; null if that is not known, as in what earlier releases wrote.</summary>
    public TimeSpan? Start { get; init; }

    /// <summary>Writes it as a JSON object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        if (Start is { } start)
        {
            json.WriteSeconds("start"u8, start);
        }

        json.WriteSeconds("duration"u8, Duration);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static StepOperation Read(JsonElement json) => new(
        json.GetProperty("name").GetString() ?? throw new JsonException("operations"),
        StateFile.Seconds(json.GetProperty("duration").GetDouble()))
    {
        Start = json.TryGetProperty("start", out JsonElement start) ? StateFile.Seconds(start.GetDouble()) : null,
    };
}
