using System.Globalization;
using System.Text.Json;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Runs;

/// <summary>What a run knows of one of its steps.</summary>
public sealed class StepRecord
{
    internal StepRecord(int number, string name, int occurrence, bool critical) =>
        (Number, Name, Occurrence, IsCritical) = (number, name, occurrence, critical);

    /// <summary>Its place in the order in which the run's steps began, from 1.</summary>
    public int Number { get; internal set; }

    /// <summary>The step's name, as the user wrote it.</summary>
    public string Name { get; }

    /// <summary>1, or more for a name that recurs in the run.</summary>
    public int Occurrence { get; }

    /// <summary>Whether its failure fails the workflow.</summary>
    public bool IsCritical { get; private set; }

    /// <summary>Where it stands.</summary>
    public StepStatus Status { get; internal set; } = StepStatus.Running;

    /// <summary>Why it was run, or was not, in one line.</summary>
    public string? Reason { get; internal set; }

    /// <summary>The run that did the work, if it was an earlier one, which this one continues.</summary>
    public string? ResumedFrom { get; internal set; }

    /// <summary>Whether what it is to make is there: it succeeded, or the cache had it.</summary>
    public bool IsDone => Status is StepStatus.Completed or StepStatus.Cached;

    /// <summary>The number of the run that did the work, among the workflow's runs; 0 if that is not known.</summary>
    internal long RunNumber { get; set; }

    /// <summary>When it began, by the clock on the wall.</summary>
    public DateTimeOffset StartTime { get; internal set; }

    /// <summary>How long it took, pauses included, by a clock that is never set back; null while it runs.</summary>
    public TimeSpan? Duration { get; internal set; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; internal set; }

    /// <summary>How many attempts were begun: while it runs, the last of them goes on, or a pause after it.</summary>
    public int AttemptsBegun => Math.Max(Attempts, Marks.Count);

    /// <summary>How many of them were retries.</summary>
    public int Retries => Math.Max(Attempts - 1, 0);

    /// <summary>The last exit code; null if no program ran to its end.</summary>
    public int? ExitCode { get; internal set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; internal set; }

    /// <summary>The output of the last attempt, as the user would write the path.</summary>
    public string? LogFile { get; internal set; }

    /// <summary>What the step was made of when it began; null if that could not be found out.</summary>
    public Fingerprint? Fingerprint { get; internal set; }

    /// <summary>The declared outputs that it has made.</summary>
    public IReadOnlyList<OutputDigest> Outputs { get; internal set; } = [];

    /// <summary>Files named in its command that it made without declaring them: its command's scripts they are not.</summary>
    public IReadOnlyList<string> Written { get; internal set; } = [];

    /// <summary>Whether a resumed run may rely on it: not if its inputs changed while it ran.</summary>
    public bool IsReusable { get; internal set; } = true;

    /// <summary>
    /// Whether it ran though the run that is continued had completed it or did not know it: what comes behind it may rely on
    /// what it was.
    /// </summary>
    internal bool RanAgain { get; set; }

    /// <summary>The step before it that ran again since it was completed; null if none did.</summary>
    internal string? OutdatedBy { get; set; }

    /// <summary>The marks of attempts in the environment of their processes.</summary>
    internal IReadOnlyList<string> Marks { get; set; } = [];

    /// <summary>What the output of the last attempt has timed, in the order in which that ended.</summary>
    public IReadOnlyList<StepOperation> Operations { get; internal set; } = [];

    /// <summary>When each attempt was made; empty if there was only one, which took the whole time.</summary>
    public IReadOnlyList<StepAttempt> AttemptTimes { get; internal set; } = [];

    /// <summary>The last progress that the last attempt has told, 0 to 100 percent; null if it told none.</summary>
    public int? Progress { get; internal set; }

    /// <summary>The processor time of the last attempt's program and of what that waited for; null if it is not known.</summary>
    public TimeSpan? Cpu { get; internal set; }

    /// <summary>The largest memory, in bytes, that one process of the last attempt has had at a time; null if it is not known.</summary>
    public long? PeakMemory { get; internal set; }

    /// <summary>How long it could have run but had to wait for a place; null outside of a graph.</summary>
    public TimeSpan? Waited { get; internal set; }

    /// <summary>How long it usually takes, by its last successful runs; null if it has none.</summary>
    public TimeSpan? UsualDuration { get; internal set; }

    /// <summary>A file name for the step, unlike any other in the run.</summary>
    internal string FileStem { get; set; } = "";

    internal long StartTimestamp { get; set; }

    /// <summary>What tells it from the other steps of the run.</summary>
    internal string Key => KeyOf(Name, Occurrence);

    /// <summary>The key of the step with a name and a number.</summary>
    // A text, as for a pair the code of dictionaries would have to be compiled in every build.
    internal static string KeyOf(string name, int occurrence) => string.Create(CultureInfo.InvariantCulture, $"{occurrence} {name}");

    /// <summary>The same completed step as a step of the run that takes it over.</summary>
    /// <param name="number">Its place there.</param>
    /// <param name="critical">Whether its failure would fail the workflow there.</param>
    /// <param name="reason">Why it is not run.</param>
    internal StepRecord TakenOver(int number, bool critical, string reason)
    {
        StepRecord step = (StepRecord)MemberwiseClone();
        (step.Number, step.IsCritical, step.Reason) = (number, critical, reason);

        // These are about how it came about in the run that ran it.
        (step.RanAgain, step.Marks) = (false, []);
        return step;
    }

    /// <summary>A step whose work an earlier run did.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="reused">What is known of it.</param>
    internal static StepRecord OfReused(string name, StepReused reused) => new(0, name, 1, critical: true)
    {
        Status = StepStatus.Cached,
        ResumedFrom = reused.RunId,
        Fingerprint = reused.Fingerprint,
        Outputs = reused.Outputs,
        Written = reused.Written,
    };

    /// <summary>The key of the step that a journal keeps.</summary>
    internal static string KeyOf(JsonElement json) => KeyOf(NameOf(json), json.GetProperty("occurrence_number").GetInt32());

    /// <summary>Writes what the state file shows.</summary>
    internal void WriteState(Utf8JsonWriter json)
    {
        json.WriteString("name"u8, Name);
        json.WriteString("status"u8, Status.Word());
        json.WriteTime("start_time"u8, StartTime);
        if (Duration is { } taken)
        {
            json.WriteTime("end_time"u8, StartTime + taken);
            json.WriteSeconds("duration"u8, taken);
        }
        else
        {
            json.WriteNull("end_time"u8);
            json.WriteNull("duration"u8);
        }

        json.WriteString("error"u8, Error);
        json.WriteNumber("retry_count"u8, Retries);
        json.WriteBoolean("critical"u8, IsCritical);
        if (Occurrence > 1)
        {
            json.WriteNumber("occurrence"u8, Occurrence);
        }

        json.WriteOptional("exit_code"u8, ExitCode);
        json.WriteString("log_file"u8, LogFile);
        json.WriteString("reason"u8, Reason);
        if (ResumedFrom is not null)
        {
            json.WriteString("resumed_from"u8, ResumedFrom);
        }

        if (Cpu is { } cpu)
        {
            json.WriteSeconds("cpu_time"u8, cpu);
        }

        if (PeakMemory is { } memory)
        {
            json.WriteNumber("peak_memory"u8, memory);
        }

        if (Waited is { } waited)
        {
            json.WriteSeconds("waiting_time"u8, waited);
        }

        if (UsualDuration is { } usual)
        {
            json.WriteSeconds("usual_duration"u8, usual);
        }

        if (Progress is { } percent)
        {
            json.WriteNumber("progress"u8, percent);
        }

        if (Operations.Count > 0)
        {
            json.WriteStartArray("operations"u8);
            foreach (StepOperation operation in Operations)
            {
                operation.Write(json);
            }

            json.WriteEndArray();
        }

        if (AttemptTimes.Count > 0)
        {
            json.WriteStartArray("attempt_times"u8);
            foreach (StepAttempt attempt in AttemptTimes)
            {
                attempt.Write(json);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Writes what the journal keeps: of the fingerprint and the outputs only what is new since the step's last record.</summary>
    internal void WriteJournal(Utf8JsonWriter json, bool fingerprint, bool outputs)
    {
        json.WriteNumber("number"u8, Number);
        json.WriteNumber("attempts"u8, Attempts);
        json.WriteBoolean("reusable"u8, IsReusable);
        json.WriteNumber("occurrence_number"u8, Occurrence);
        if (RanAgain)
        {
            json.WriteBoolean("ran_again"u8, true);
        }

        if (RunNumber > 0)
        {
            json.WriteNumber("run_number"u8, RunNumber);
        }

        if (OutdatedBy is not null)
        {
            json.WriteString("outdated_by"u8, OutdatedBy);
        }

        WriteState(json);
        if (fingerprint && Fingerprint is not null)
        {
            json.WritePropertyName("fingerprint"u8);
            Fingerprint.Write(json);
        }

        if (outputs && Outputs.Count > 0)
        {
            json.WritePropertyName("outputs"u8);
            OutputSet.Write(json, Outputs);
        }

        if (outputs && Written.Count > 0)
        {
            json.WriteStartArray("written"u8);
            foreach (string path in Written)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Reads what a journal keeps.</summary>
    /// <param name="json">The step.</param>
    /// <param name="before">What an earlier record said of it; null if this is the first.</param>
    internal static StepRecord Read(JsonElement json, StepRecord? before) => new(
        json.GetProperty("number").GetInt32(),
        NameOf(json),
        json.GetProperty("occurrence_number").GetInt32(),
        json.GetProperty("critical").GetBoolean())
    {
        Status = StatusWord.StepStatusOf(Text(json, "status")),
        Reason = Text(json, "reason"),
        ResumedFrom = json.TryGetProperty("resumed_from", out JsonElement from) ? from.GetString() : null,
        StartTime = StateFile.Time(json.GetProperty("start_time").GetDouble()),
        Duration = Optional(json, "duration") is { } seconds ? StateFile.Lasting(StateFile.Time(json.GetProperty("start_time").GetDouble()), seconds) : null,
        Attempts = json.GetProperty("attempts").GetInt32(),
        ExitCode = Optional(json, "exit_code") is { } code ? checked((int)code) : null,
        Error = Text(json, "error"),
        LogFile = Text(json, "log_file"),
        IsReusable = json.GetProperty("reusable").GetBoolean(),
        RanAgain = json.TryGetProperty("ran_again", out JsonElement again) && again.GetBoolean(),
        OutdatedBy = json.TryGetProperty("outdated_by", out JsonElement by) ? by.GetString() : null,
        RunNumber = json.TryGetProperty("run_number", out JsonElement run) ? run.GetInt64() : 0,
        Cpu = Seconds(json, "cpu_time"),
        PeakMemory = json.TryGetProperty("peak_memory", out JsonElement memory) ? memory.GetInt64() : null,
        Waited = Seconds(json, "waiting_time"),
        UsualDuration = Seconds(json, "usual_duration"),
        Fingerprint = json.TryGetProperty("fingerprint", out JsonElement fingerprint) ? ReadFingerprint(fingerprint) : before?.Fingerprint,
        Outputs = json.TryGetProperty("outputs", out JsonElement outputs) ? OutputSet.Read(outputs) : before?.Outputs ?? [],
        Written = json.TryGetProperty("written", out JsonElement written) ? [.. written.EnumerateArray().Select(path => path.GetString() ?? throw new JsonException("written"))] : before?.Written ?? [],
        Progress = json.TryGetProperty("progress", out JsonElement progress) ? progress.GetInt32() : null,
        Operations = json.TryGetProperty("operations", out JsonElement operations)
            ? [.. operations.EnumerateArray().Select(StepOperation.Read)]
            : [],
        AttemptTimes = json.TryGetProperty("attempt_times", out JsonElement attempts) ? [.. attempts.EnumerateArray().Select(StepAttempt.Read)] : [],
        Marks = before?.Marks ?? [],
    };

    /// <summary>Reads what only the state file knows of a step that runs.</summary>
    internal void ReadLive(JsonElement json)
    {
        Progress = json.TryGetProperty("progress", out JsonElement progress) ? progress.GetInt32() : null;
        UsualDuration ??= Seconds(json, "usual_duration");
    }

    // One of another release says nothing; the step is run again then.
    private static Fingerprint? ReadFingerprint(JsonElement json)
    {
        try
        {
            return Fingerprint.Read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? Seconds(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement seconds) ? StateFile.Seconds(seconds.GetDouble()) : null;

    private static string NameOf(JsonElement json) => Text(json, "name") ?? throw new JsonException("name");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static double? Optional(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : null;
}
