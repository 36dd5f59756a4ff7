using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>What is known of a run, while it goes on and from its journal afterwards.</summary>
internal sealed class RunRecord
{
    private readonly List<StepRecord> _steps = [];

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Its number among the workflow's runs, from 1: the order that a clock which is set back does not change. 0 for a run that
    /// goes on beside another one, in another node of the same build; it is never continued.
    /// </summary>
    public required long Number { get; init; }

    /// <summary>The workflow's run before this one; null if there was none.</summary>
    public string? PreviousId { get; init; }

    /// <summary>The run that this one continues; null if it began from the start.</summary>
    public string? ContinuesId { get; init; }

    /// <summary>Whether single targets are built (<c>-t:Name</c>) rather than the workflow as a whole.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The process that runs it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The machine that it runs on.</summary>
    public required string Host { get; init; }

    /// <summary>When it began, by the clock on the wall.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The run log, as the user would write the path.</summary>
    public required string LogFile { get; init; }

    /// <summary>What the user wants to have in the state.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; set; }

    /// <summary>How long it took; null while it goes on.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Why it failed; null if it did not, or if a step's error says it.</summary>
    public string? Error { get; set; }

    /// <summary>What determined how long its graph of steps took; null before the end, and without a graph.</summary>
    public GraphTiming? Timing { get; set; }

    /// <summary>How far it is; null before the first estimate and after the end.</summary>
    public RunEstimate? Estimate { get; set; }

    /// <summary>The steps in the order in which they began.</summary>
    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>Adds a step.</summary>
    public void Add(StepRecord step) => _steps.Add(step);

    /// <summary>Replaces a step that was read before by what is known of it now.</summary>
    public void Replace(int number, StepRecord step) => _steps[number - 1] = step;

    /// <summary>Ends the run, and the steps that still run with it.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="error">Why it failed, if no step's error says it.</param>
    /// <param name="stepDuration">How long a step that still runs took.</param>
    public void End(RunStatus status, TimeSpan duration, string? error, Func<StepRecord, TimeSpan> stepDuration)
    {
        (Status, Duration, Error, Estimate) = (status, duration, error, null);
        foreach (StepRecord step in _steps.Where(step => step.Status == StepStatus.Running))
        {
            step.Status = StepStatus.Interrupted;
            step.Duration = stepDuration(step);
        }
    }

    /// <summary>Writes the first record of its journal, but for the steps.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("workflow", Workflow);
        json.WriteString("id", Id);
        json.WriteNumber("number", Number);
        json.WriteString("previous", PreviousId);
        json.WriteString("continues", ContinuesId);
        json.WriteBoolean("partial", IsPartial);
        json.WriteNumber("pid", ProcessId);
        json.WriteString("host", Host);
        json.WriteTime("start_time"u8, StartTime);
        json.WriteString("log_file", LogFile);
        json.WriteStartObject("metadata");
        foreach ((string name, string value) in Metadata)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the first record of a journal.</summary>
    public static RunRecord Read(ref JsonScanner json)
    {
        (string? workflow, string? id, string? previous, string? continues, string? host, string? log) = (null, null, null, null, null, null);
        (long? number, int? process, bool? isPartial, DateTimeOffset? start) = (null, null, null, null);
        Dictionary<string, string>? metadata = null;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("workflow"u8))
            {
                workflow = json.ReadText();
            }
            else if (json.IsNamed("id"u8))
            {
                id = ReadRunId(ref json);
            }
            else if (json.IsNamed("number"u8))
            {
                number = json.ReadInt64();
            }
            else if (json.IsNamed("previous"u8))
            {
                previous = ReadRunId(ref json);
            }
            else if (json.IsNamed("continues"u8))
            {
                continues = ReadRunId(ref json);
            }
            else if (json.IsNamed("partial"u8))
            {
                isPartial = json.ReadBoolean();
            }
            else if (json.IsNamed("pid"u8))
            {
                process = json.ReadInt32();
            }
            else if (json.IsNamed("host"u8))
            {
                host = json.ReadOptionalText() ?? "";
            }
            else if (json.IsNamed("start_time"u8))
            {
                start = json.ReadTime();
            }
            else if (json.IsNamed("log_file"u8))
            {
                log = json.ReadOptionalText() ?? "";
            }
            else if (json.IsNamed("metadata"u8))
            {
                metadata = ReadMetadata(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new RunRecord
        {
            Workflow = workflow ?? throw new JsonException("workflow"),
            Id = id ?? throw new JsonException("id"),
            Number = number ?? throw new JsonException("number"),
            PreviousId = previous,
            ContinuesId = continues,
            IsPartial = isPartial ?? throw new JsonException("partial"),
            ProcessId = process ?? throw new JsonException("pid"),
            Host = host ?? throw new JsonException("host"),
            StartTime = start ?? throw new JsonException("start_time"),
            LogFile = log ?? throw new JsonException("log_file"),
            Metadata = metadata ?? throw new JsonException("metadata"),
        };
    }

    private static Dictionary<string, string> ReadMetadata(ref JsonScanner json)
    {
        Dictionary<string, string> metadata = [];
        json.BeginObject();
        while (json.NextProperty())
        {
            string name = json.Name;
            metadata.Add(name, json.ReadOptionalText() ?? "");
        }

        return metadata;
    }

    // An id becomes part of a path, so it is taken for none if it is none.
    private static string? ReadRunId(ref JsonScanner json) =>
        json.ReadOptionalText() is not { } id ? null : RunId.IsValid(id) ? id : throw new JsonException("the id of a run");
}
