using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Writes <c>{workflow_id}.journal</c>, the truth about a run, from which its state file is made. A step counts as done
/// once its record is written, and is durable some milliseconds later: steps that end together share a flush, for which none of
/// them waits. The form is in docs/run-journal.md. One thread at a time writes.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    /// <summary>Its first line.</summary>
    public const string Kind = "kinetra-run 1";

    /// <summary>What its name ends with.</summary>
    public const string Extension = ".journal";

    // What a power cut may take at the most, beside the flush that goes on; those steps run again.
    private static readonly TimeSpan FlushPause = TimeSpan.FromMilliseconds(50);

    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;
    private readonly BackgroundWork? _flusher;
    private readonly ByteBuffer _buffer = new(2048);
    private readonly Utf8JsonWriter _json;
    private long _sequence;

    private RunJournal(JournalWriter writer, TimeProvider time, long sequence, bool atOnce)
    {
        (_writer, _time, _sequence, _json) = (writer, time, sequence, JsonRecord.Writer(_buffer));
        _flusher = atOnce ? null : new BackgroundWork("run journal", FlushPause, FlushBehind);
    }

    /// <summary>Creates the journal of a run, if its name is free.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="run">The run.</param>
    /// <param name="carried">The steps that the run which this one continues had completed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="atOnce">Whether the end of a step is durable when <see cref="End"/> returns.</param>
    /// <returns>Null if the name is taken.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WriteFailed"/> or <see cref="DiagnosticCodes.DurabilityUnknown"/>.</exception>
    public static RunJournal? TryCreate(FilePath file, RunRecord run, IEnumerable<StepRecord> carried, TimeProvider time, bool atOnce = true)
    {
        Beginning beginning = new(run, carried, time);
        return JournalWriter.TryCreate(file, Kind, beginning.Records()) is { } writer ? new RunJournal(writer, time, beginning.Count, atOnce) : null;
    }

    /// <summary>Goes on with the journal of a run that died, to end it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static RunJournal Open(FilePath file, Journal journal, TimeProvider time) =>
        new(JournalWriter.Open(file, journal), time, journal.Records.Count, atOnce: true);

    /// <summary>A step begins. Not flushed: if a power cut takes it, the step has not been done either.</summary>
    public void Begin(StepRecord step) => Append("step", json => step.WriteJournal(json, fingerprint: true, outputs: false), durable: false);

    /// <summary>An attempt begins, whose processes carry a mark. Not flushed: where that matters, <see cref="Flush"/> comes before the processes do.</summary>
    public void Attempt(StepRecord step, int attempt, string mark) => Append(
        "attempt",
        json =>
        {
            json.WriteNumber("step"u8, step.Number);
            json.WriteNumber("attempt"u8, attempt);
            json.WriteString("mark"u8, mark);
        },
        durable: false);

    /// <summary>A step has ended; durable soon, or when this returns.</summary>
    /// <exception cref="IOException">It could not be written, or what was written before could not be flushed.</exception>
    public void End(StepRecord step)
    {
        Append("step", json => step.WriteJournal(json, fingerprint: false, outputs: true), durable: _flusher is null);
        _flusher?.Ask();
    }

    /// <summary>A step is taken over from the run that this one continues. Not flushed: it would be taken over again.</summary>
    public void TakeOver(StepRecord step) => Append("step", json => step.WriteJournal(json, fingerprint: false, outputs: false), durable: false);

    /// <summary>A step that is not run, with all that is known of it. Not flushed.</summary>
    public void Enter(StepRecord step) => Append("step", json => step.WriteJournal(json, fingerprint: true, outputs: true), durable: false);

    /// <summary>The run has ended, and the steps that still ran with it; durable when this returns.</summary>
    public void Finish(RunRecord run)
    {
        // One that had ended before is written again: they are few, and nothing changes by it.
        foreach (StepRecord step in run.Steps.Where(step => step.Status == StepStatus.Interrupted))
        {
            Append("step", json => step.WriteJournal(json, fingerprint: false, outputs: false), durable: false);
        }

        Append(
            "finish",
            json =>
            {
                json.WriteString("status"u8, run.Status.Word());
                json.WriteSeconds("duration"u8, run.Duration ?? TimeSpan.Zero);
                json.WriteString("error"u8, run.Error);
                if (run.Timing is { } timing)
                {
                    json.WritePropertyName("timing");
                    timing.Write(json);
                }
            },
            durable: true);
    }

    /// <summary>Makes all records durable that were written before this call. For any thread, beside those that write.</summary>
    /// <exception cref="IOException">They could not be flushed, now or before; nothing more can be written then.</exception>
    public void Flush() => _writer.Flush();

    /// <summary>Closes the journal.</summary>
    public void Dispose()
    {
        _flusher?.Dispose();
        _writer.Dispose();
        _json.Dispose();
    }

    private void FlushBehind()
    {
        try
        {
            Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The writer tells it whoever writes the next record, the last one at the latest.
        }
    }

    private void Append(string what, Action<Utf8JsonWriter> write, bool durable)
    {
        _buffer.Clear();
        _json.Reset();
        Write(_json, _sequence + 1, _time, what, write);
        _json.Flush();
        _writer.Append(_buffer.Written, durable);
        _sequence++;
    }

    private static void Write(Utf8JsonWriter json, long sequence, TimeProvider time, string what, Action<Utf8JsonWriter> write)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, sequence);
        json.WriteTime("at"u8, time.GetUtcNow());
        json.WriteStartObject(what);
        write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The records that a journal begins with.</summary>
    private sealed class Beginning(RunRecord run, IEnumerable<StepRecord> carried, TimeProvider time)
    {
        private readonly ByteBuffer _buffer = new(2048);

        /// <summary>How many they are, once they have been made.</summary>
        public long Count { get; private set; }

        /// <summary>Makes them. Each is there until the next one is asked for.</summary>
        public IEnumerable<ReadOnlyMemory<byte>> Records()
        {
            using Utf8JsonWriter json = JsonRecord.Writer(_buffer);
            yield return Record(json, "run", run.Write);
            StepRecord? current = null;
            Action<Utf8JsonWriter> write = to => current!.WriteJournal(to, fingerprint: true, outputs: true);
            foreach (StepRecord step in carried)
            {
                current = step;
                yield return Record(json, "carried", write);
            }
        }

        private ReadOnlyMemory<byte> Record(Utf8JsonWriter json, string what, Action<Utf8JsonWriter> write)
        {
            _buffer.Clear();
            json.Reset();
            Write(json, ++Count, time, what, write);
            json.Flush();
            return _buffer.WrittenMemory;
        }
    }
}
