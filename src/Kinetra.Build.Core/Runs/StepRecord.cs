using System.Text.Json;

namespace Kinetra.Build.Core.Runs;

/// <summary>What a run knows of one of its steps.</summary>
public sealed class StepRecord
{
    internal StepRecord(string name, int occurrence, bool critical, string fileStem, DateTimeOffset start, long startTimestamp) =>
        (Name, Occurrence, IsCritical, FileStem, StartTime, StartTimestamp) = (name, occurrence, critical, fileStem, start, startTimestamp);

    /// <summary>The step's name, as the user wrote it.</summary>
    public string Name { get; }

    /// <summary>1, or more for a name that recurs in the run.</summary>
    public int Occurrence { get; }

    /// <summary>Whether its failure fails the workflow.</summary>
    public bool IsCritical { get; }

    /// <summary>Where it stands.</summary>
    public StepStatus Status { get; internal set; } = StepStatus.Running;

    /// <summary>When it began, by the clock on the wall.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it took, pauses included, by a clock that is never set back; null while it runs.</summary>
    public TimeSpan? Duration { get; internal set; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; internal set; }

    /// <summary>How many of them were retries.</summary>
    public int Retries => Math.Max(Attempts - 1, 0);

    /// <summary>The last exit code; null if no program ran to its end.</summary>
    public int? ExitCode { get; internal set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; internal set; }

    /// <summary>The output of the last attempt, as the user would write the path.</summary>
    public string? LogFile { get; internal set; }

    /// <summary>What the output of the last attempt has timed, in the order in which that ended.</summary>
    public IReadOnlyList<StepOperation> Operations { get; internal set; } = [];

    /// <summary>The last progress that the last attempt has told, 0 to 100 percent; null if it told none.</summary>
    public int? Progress { get; internal set; }

    /// <summary>A file name for the step, unlike any other in the run.</summary>
    internal string FileStem { get; }

    internal long StartTimestamp { get; }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("status", StateFile.Word(Status));
        json.WriteNumber("start_time", StateFile.Epoch(StartTime));
        StateFile.WriteOptional(json, "end_time", Duration is { } taken ? StateFile.Epoch(StartTime + taken) : null);
        StateFile.WriteOptional(json, "duration", Duration?.TotalSeconds);
        json.WriteString("error", Error);
        json.WriteNumber("retry_count", Retries);
        json.WriteBoolean("critical", IsCritical);
        if (Occurrence > 1)
        {
            json.WriteNumber("occurrence", Occurrence);
        }

        StateFile.WriteOptional(json, "exit_code", ExitCode);
        json.WriteString("log_file", LogFile);
        if (Progress is { } percent)
        {
            json.WriteNumber("progress", percent);
        }

        if (Operations.Count > 0)
        {
            json.WriteStartArray("operations");
            foreach (StepOperation operation in Operations)
            {
                json.WriteStartObject();
                json.WriteString("name", operation.Name);
                json.WriteNumber("duration", operation.Duration.TotalSeconds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
