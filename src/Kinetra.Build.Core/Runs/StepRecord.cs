using System.Globalization;
using System.Text.Json;
using Kinetra.Build.Core.Files;
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
    public string Name { get; private set; }

    /// <summary>1, or more for a name that recurs in the run.</summary>
    public int Occurrence { get; private set; }

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

    /// <summary>Whether it was begun in this run: it was neither skipped nor taken over from an earlier run, be it one that this one continues or one that the cache knows.</summary>
    public bool WasRun => ResumedFrom is null && Status != StepStatus.Skipped;

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

    /// <summary>Whether the engine built projects or targets for it, so that its output is in the log of the build; false where it is not known what the step was made of.</summary>
    public bool IsBuilt => Fingerprint is { } fingerprint && fingerprint.Components.Any(component => component.Label == ComponentLabel.Projects);

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
    // A text, as for a pair the code of dictionaries would have to be compiled in every build. Hardly a name recurs, and no file can give one with that character.
    internal static string KeyOf(string name, int occurrence) => occurrence == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{occurrence}\0{name}");

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

    /// <summary>Writes what the state file shows.</summary>
    internal void WriteState(Utf8JsonWriter json)
    {
        json.WriteString("name"u8, Name);
        json.WriteString("status"u8, Status.Word());
        json.WriteTime("start_time"u8, StartTime);
        json.WriteTime("end_time"u8, StartTime + Duration);
        json.WriteSeconds("duration"u8, Duration);
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

    /// <summary>Reads what a record of a journal says of a step; what it leaves out is for <see cref="Complete"/>.</summary>
    /// <param name="json">Where the step is next.</param>
    /// <param name="steps">The steps that are known, by number: most likely this one has been named before.</param>
    /// <param name="last">The step that was read last, whose texts this one most likely shares; null for none.</param>
    internal static StepRecord Read(ref JsonScanner json, IReadOnlyList<StepRecord> steps, StepRecord? last)
    {
        StepRecord step = new(0, "", 0, critical: false);
        string? name = null;
        Needed found = Needed.None;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("number"u8))
            {
                (step.Number, found) = (json.ReadInt32(), found | Needed.Number);
            }
            else if (json.IsNamed("name"u8))
            {
                name = json.ReadText(step.Number > 0 && step.Number <= steps.Count ? steps[step.Number - 1].Name : null);
            }
            else if (!step.TryReadNeeded(ref json, last, ref found) && !step.TryReadOther(ref json, last))
            {
                json.Skip();
            }
        }

        // Its end is written too, so there must be such a time.
        _ = step.StartTime + (step.Duration ?? TimeSpan.Zero);
        step.Name = name ?? throw new JsonException("name");
        return found == Needed.All ? step : throw new JsonException("a step");
    }

    /// <summary>Adds what its record leaves out because an earlier one of it says that.</summary>
    /// <param name="before">What that one says; null if this is the first.</param>
    internal void Complete(StepRecord? before)
    {
        if (before is null)
        {
            return;
        }

        Fingerprint ??= before.Fingerprint;
        Outputs = Outputs.Count > 0 ? Outputs : before.Outputs;
        Written = Written.Count > 0 ? Written : before.Written;
        Marks = before.Marks;
    }

    /// <summary>Reads what only the state file knows of a step that runs.</summary>
    internal void ReadLive(JsonElement json)
    {
        Progress = json.TryGetProperty("progress", out JsonElement progress) ? progress.GetInt32() : null;
        UsualDuration ??= Seconds(json, "usual_duration");
    }

    private bool TryReadNeeded(ref JsonScanner json, StepRecord? last, ref Needed found)
    {
        if (json.IsNamed("attempts"u8))
        {
            (Attempts, found) = (json.ReadInt32(), found | Needed.Attempts);
        }
        else if (json.IsNamed("reusable"u8))
        {
            (IsReusable, found) = (json.ReadBoolean(), found | Needed.Reusable);
        }
        else if (json.IsNamed("occurrence_number"u8))
        {
            (Occurrence, found) = (json.ReadInt32(), found | Needed.Occurrence);
        }
        else if (json.IsNamed("status"u8))
        {
            (Status, found) = (StatusWord.StepStatusOf(json.ReadText(last?.Status.Word())), found | Needed.Status);
        }
        else if (json.IsNamed("start_time"u8))
        {
            (StartTime, found) = (json.ReadTime(), found | Needed.StartTime);
        }
        else if (json.IsNamed("duration"u8))
        {
            (Duration, found) = (json.ReadOptionalSeconds(), found | Needed.Duration);
        }
        else if (json.IsNamed("error"u8))
        {
            (Error, found) = (json.ReadOptionalText(), found | Needed.Error);
        }
        else if (json.IsNamed("critical"u8))
        {
            (IsCritical, found) = (json.ReadBoolean(), found | Needed.Critical);
        }
        else if (json.IsNamed("exit_code"u8))
        {
            (ExitCode, found) = (json.IsNull() ? null : json.ReadInt32(), found | Needed.ExitCode);
        }
        else if (json.IsNamed("log_file"u8))
        {
            (LogFile, found) = (json.ReadOptionalText(), found | Needed.LogFile);
        }
        else if (json.IsNamed("reason"u8))
        {
            (Reason, found) = (json.ReadOptionalText(last?.Reason), found | Needed.Reason);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TryReadOther(ref JsonScanner json, StepRecord? last)
    {
        if (json.IsNamed("fingerprint"u8))
        {
            Fingerprint = Fingerprint.Read(ref json);
        }
        else if (json.IsNamed("run_number"u8))
        {
            RunNumber = json.ReadInt64();
        }
        else if (json.IsNamed("resumed_from"u8))
        {
            ResumedFrom = json.ReadOptionalText(last?.ResumedFrom);
        }
        else if (json.IsNamed("ran_again"u8))
        {
            RanAgain = json.ReadBoolean();
        }
        else if (json.IsNamed("outdated_by"u8))
        {
            OutdatedBy = json.ReadOptionalText(last?.OutdatedBy);
        }
        else if (json.IsNamed("cpu_time"u8))
        {
            Cpu = json.ReadSeconds();
        }
        else if (json.IsNamed("peak_memory"u8))
        {
            PeakMemory = json.ReadInt64();
        }
        else if (json.IsNamed("waiting_time"u8))
        {
            Waited = json.ReadSeconds();
        }
        else if (json.IsNamed("usual_duration"u8))
        {
            UsualDuration = json.ReadSeconds();
        }
        else if (json.IsNamed("progress"u8))
        {
            Progress = json.ReadInt32();
        }
        else if (json.IsNamed("outputs"u8))
        {
            Outputs = OutputSet.Read(ref json);
        }
        else if (json.IsNamed("written"u8))
        {
            Written = ReadTexts(ref json);
        }
        else if (json.IsNamed("operations"u8))
        {
            Operations = [.. Elements(json.Skip()).Select(StepOperation.Read)];
        }
        else if (json.IsNamed("attempt_times"u8))
        {
            AttemptTimes = [.. Elements(json.Skip()).Select(StepAttempt.Read)];
        }
        else
        {
            return false;
        }

        return true;
    }

    private static List<string> ReadTexts(ref JsonScanner json)
    {
        List<string> texts = [];
        json.BeginArray();
        while (json.NextItem())
        {
            texts.Add(json.ReadText());
        }

        return texts;
    }

    // Few steps have them.
    private static JsonElement.ArrayEnumerator Elements(ReadOnlyMemory<byte> array)
    {
        using JsonDocument json = JsonDocument.Parse(array);
        return json.RootElement.Clone().EnumerateArray();
    }

    private static TimeSpan? Seconds(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement seconds) ? StateFile.Seconds(seconds.GetDouble()) : null;

    /// <summary>What every record of a step has, apart from its name.</summary>
    [Flags]
    private enum Needed
    {
        None = 0,
        Number = 1,
        Attempts = 1 << 1,
        Reusable = 1 << 2,
        Occurrence = 1 << 3,
        Status = 1 << 4,
        StartTime = 1 << 5,
        Duration = 1 << 6,
        Error = 1 << 7,
        Critical = 1 << 8,
        ExitCode = 1 << 9,
        LogFile = 1 << 10,
        Reason = 1 << 11,
        All = (1 << 12) - 1,
    }
}
