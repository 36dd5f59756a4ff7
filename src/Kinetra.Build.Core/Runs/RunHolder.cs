using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>What the lock file of a workflow says: who runs it, and which run was the last one.</summary>
/// <param name="IsHeld">Whether the process has not said that it is done. It may have died nevertheless.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Host">The machine that it runs on.</param>
/// <param name="Since">Since when.</param>
/// <param name="BuildId">A name of the build that the process works for.</param>
/// <param name="RunId">The last run; null if there was none, or if it is just beginning.</param>
/// <param name="RunNumber">Its number among the workflow's runs; 0 if there was none.</param>
internal sealed record RunHolder(bool IsHeld, int ProcessId, string Host, DateTimeOffset Since, string BuildId, string? RunId, long RunNumber)
{
    /// <summary>Whether the last run is the one that the process runs; until it has begun it is the one before.</summary>
    public bool IsAnnounced { get; init; }

    /// <summary>The JSON of it.</summary>
    public byte[] Format() => JsonRecord.Format(json =>
    {
        json.WriteBoolean("held", IsHeld);
        json.WriteNumber("pid", ProcessId);
        json.WriteString("host", Host);
        json.WriteTime("since"u8, Since);
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
            return Read(new JsonScanner(content));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static RunHolder? Read(JsonScanner json)
    {
        (bool? held, bool? announced, int? process, long? number, DateTimeOffset? since) = (null, null, null, null, null);
        (string? host, string? build, string? run) = (null, null, null);
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("held"u8))
            {
                held = json.ReadBoolean();
            }
            else if (json.IsNamed("pid"u8))
            {
                process = json.ReadInt32();
            }
            else if (json.IsNamed("host"u8))
            {
                host = json.ReadOptionalText() ?? "";
            }
            else if (json.IsNamed("since"u8))
            {
                since = json.ReadTime();
            }
            else if (json.IsNamed("build"u8))
            {
                build = json.ReadOptionalText() ?? "";
            }
            else if (json.IsNamed("run"u8))
            {
                run = json.ReadOptionalText();
            }
            else if (json.IsNamed("number"u8))
            {
                number = json.ReadInt64();
            }
            else if (json.IsNamed("announced"u8))
            {
                announced = json.ReadBoolean();
            }
            else
            {
                json.Skip();
            }
        }

        json.End();
        if (held is null || announced is null || process is null || host is null || build is null || number is null || since is null)
        {
            return null;
        }

        return new RunHolder(held.Value, process.Value, host, since.Value, build, run is not null && Runs.RunId.IsValid(run) ? run : null, number.Value)
        {
            IsAnnounced = announced.Value,
        };
    }
}
