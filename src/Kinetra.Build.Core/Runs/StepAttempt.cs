using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>One attempt of a step that had several.</summary>
/// <param name="Start">How long after the step it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="ExitCode">Its exit code; null if no program ran to its end.</param>
/// <param name="Error">Why it failed, in words; null for one that succeeded, and for the last one, of which the step's own error tells.</param>
/// <param name="Pause">The back-off after it; null for the last one. What the next attempt began later than that, the step waited for a place.</param>
public sealed record StepAttempt(TimeSpan Start, TimeSpan Duration, int? ExitCode, string? Error, TimeSpan? Pause)
{
    /// <summary>Writes it as a JSON object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteSeconds("start"u8, Start);
        json.WriteSeconds("duration"u8, Duration);
        json.WriteOptional("exit_code"u8, ExitCode);
        if (Error is not null)
        {
            json.WriteString("error", Error);
        }

        if (Pause is { } pause)
        {
            json.WriteSeconds("pause"u8, pause);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static StepAttempt Read(JsonElement json) => new(
        StateFile.Seconds(json.GetProperty("start").GetDouble()),
        StateFile.Seconds(json.GetProperty("duration").GetDouble()),
        json.GetProperty("exit_code") is { ValueKind: not JsonValueKind.Null } code ? code.GetInt32() : null,
        json.TryGetProperty("error", out JsonElement error) ? error.GetString() : null,
        json.TryGetProperty("pause", out JsonElement pause) ? StateFile.Seconds(pause.GetDouble()) : null);
}
