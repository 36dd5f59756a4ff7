using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>What the lock file of a workflow says: who runs it, and which run was the last one.</summary>
/// <param name="IsHeld">Whether the process has not said that it is done. It may have died nevertheless.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Host">The machine that it runs on.</param>
/// <param name="Since">Since when, in seconds since 1970.</param>
/// <param name="BuildId">A name of the build that the process works for.</param>
/// <param name="RunId">The last run; null if there was none, or if it is just beginning.</param>
/// <param name="RunNumber">Its number among the workflow's runs; 0 if there was none.</param>
internal sealed record RunHolder(bool IsHeld, int ProcessId, string Host, double Since, string BuildId, string? RunId, long RunNumber)
{
    /// <summary>Whether the last run is the one that the process runs; until it has begun it is the one before.</summary>
    public bool IsAnnounced { get; init; }

    /// <summary>The JSON of it.</summary>
    public byte[] Format() => JsonRecord.Format(json =>
    {
        json.WriteBoolean("held", IsHeld);
        json.WriteNumber("pid", ProcessId);
        json.WriteString("host", Host);
        json.WriteNumber("since", Since);
        json.WriteString("build", BuildId);
        json.WriteString("run", RunId);
        json.WriteNumber("number", RunNumber);
        json.WriteBoolean("announced", IsAnnounced);
    });

    /// <summary>Reads the JSON.</summary>
    /// <returns>Null if there is none that can be understood: the file is new, or just being written.</returns>
    public static RunHolder? Parse(byte[]? content)
    {
        if (content is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            JsonElement root = json.RootElement;
            string? run = root.GetProperty("run").GetString();
            double since = root.GetProperty("since").GetDouble();
            _ = StateFile.Time(since);
            return new RunHolder(
                root.GetProperty("held").GetBoolean(),
                root.GetProperty("pid").GetInt32(),
                root.GetProperty("host").GetString() ?? "",
                since,
                root.GetProperty("build").GetString() ?? "",
                run is not null && Runs.RunId.IsValid(run) ? run : null,
                root.GetProperty("number").GetInt64())
            {
                IsAnnounced = root.GetProperty("announced").GetBoolean(),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
