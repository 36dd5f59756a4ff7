using System.Text.Json;
using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Runs;

/// <summary>A run as its journal tells it.</summary>
internal sealed class RecordedRun
{
    private readonly FilePath _file;
    private readonly Journal _journal;
    private readonly List<StepRecord> _carried = [];
    private readonly Dictionary<string, int> _places = [];
    private StepRecord? _last;
    private bool _isRead;

    private RecordedRun(FilePath file, Journal journal, RunRecord run) => (_file, _journal, Run) = (file, journal, run);

    /// <summary>What is known of it. Its steps are there once <see cref="ReadSteps"/> was called.</summary>
    public RunRecord Run { get; }

    /// <summary>When its last record was written.</summary>
    public DateTimeOffset LastTime { get; private set; }

    /// <summary>Whether a crash has cut off its last record.</summary>
    public bool IsTorn => _journal.IsTorn;

    /// <summary>Whether it can be continued. Single targets that continue a run do not complete the workflow.</summary>
    public bool IsUnfinished => Run.Status != RunStatus.Completed || Run is { IsPartial: true, ContinuesId: not null };

    /// <summary>Reads how a run began and ended.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="id">The run's id.</param>
    /// <returns>Null if there is no such run.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static RecordedRun? TryRead(FilePath directory, string id)
    {
        FilePath file = directory.Combine(id + RunJournal.Extension);
        byte[]? content;
        try
        {
            content = NativeFile.ReadAll(file.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The journal {file} cannot be read: {Errno.Describe(error)}.", error);
        }

        return content is null ? null : Parse(file, id, content);
    }

    /// <summary>Reads how a run began and ended, from the bytes of its journal.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/>.</exception>
    internal static RecordedRun Parse(FilePath file, string id, byte[] content)
    {
        Journal journal;
        try
        {
            journal = Journal.Parse(file, RunJournal.Kind, content);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(file, content.Length == 0 ? "it is empty" : error.Message, error);
        }

        if (journal.Records.Count == 0)
        {
            throw Damaged(file, "there is no whole record in it", null);
        }

        int index = 0;
        try
        {
            RunRecord beginning = ReadBeginning(new JsonScanner(journal.Records[index]));
            RecordedRun run = beginning.Id == id ? new RecordedRun(file, journal, beginning) : throw Damaged(file, $"it is the journal of run {beginning.Id}", null);
            index = journal.Records.Count - 1;
            run.ReadEnd(new JsonScanner(journal.Records[index]));
            return run;
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw NotUnderstood(file, journal, index, error);
        }
    }

    /// <summary>Reads the steps.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptState"/>.</exception>
    public void ReadSteps()
    {
        if (_isRead)
        {
            return;
        }

        _isRead = true;
        for (int i = 1; i < _journal.Records.Count; i++)
        {
            try
            {
                Apply(_journal.Records[i], i + 1);
            }
            catch (Exception error) when (IsDamage(error))
            {
                throw NotUnderstood(_file, _journal, i, error);
            }
        }
    }

    /// <summary>The last that is known of each step: in this run, or in one that it continued.</summary>
    public IReadOnlyCollection<StepRecord> KnownSteps()
    {
        Outdate();

        // In the workflow's order: what was not reached comes behind what was, unless single targets were built.
        Dictionary<string, StepRecord> steps = [];
        foreach (StepRecord step in Run.IsPartial ? _carried.Concat(Run.Steps) : Run.Steps)
        {
            steps[step.Key] = step;
        }

        // One that could not even begin (no environment file, no input) has undone nothing.
        foreach (StepRecord step in _carried)
        {
            if (!steps.TryGetValue(step.Key, out StepRecord? now) || (!now.IsDone && now.Marks.Count == 0))
            {
                steps[step.Key] = step;
            }
        }

        foreach (StepRecord step in Run.Steps)
        {
            if (step.ResumedFrom is null)
            {
                (step.ResumedFrom, step.RunNumber) = (Run.Id, Run.Number);
            }
        }

        return steps.Values;
    }

    /// <summary>The marks of attempts that may not have ended. (A step is interrupted by a build that died while it ended the run.)</summary>
    public IReadOnlyList<string> LivingMarks() =>
        [.. Run.Steps.Where(step => step.Status is StepStatus.Running or StepStatus.Interrupted).SelectMany(step => step.Marks)];

    /// <summary>Ends a run that died: its journal and its state then say that it was interrupted.</summary>
    /// <param name="time">The clock.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public void Interrupt(TimeProvider time)
    {
        TimeSpan Until(DateTimeOffset start) => LastTime > start ? LastTime - start : TimeSpan.Zero;
        Run.End(RunStatus.Interrupted, Until(Run.StartTime), "its build was killed", step => Until(step.StartTime));
        StateUnwritable.Guard(Run.Id, () =>
        {
            using RunJournal journal = RunJournal.Open(_file, _journal, time);
            journal.Finish(Run);
        });
        WriteState();
    }

    /// <summary>
    /// Makes the state file anew if it does not agree with the journal, as after a crash while it was written. Its beginning
    /// and its end are compared; the steps are not.
    /// </summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>, or as for <see cref="ReadSteps"/>.</exception>
    public void MendState()
    {
        (byte[] head, byte[] tail) = StateFile.Frame(Run);
        if (IsFramed(head, tail))
        {
            return;
        }

        ReadSteps();
        WriteState();
    }

    // What stands behind a step that ran again and was not reached itself may rely on what that step was before. Where a step stands that the
    // continued run did not know is known only if the whole workflow was run.
    private void Outdate()
    {
        int place = -1;
        int first = _carried.Count;
        string? again = null;
        foreach (StepRecord step in Run.Steps)
        {
            bool isKnown = _places.TryGetValue(step.Key, out int its);
            place = isKnown ? Math.Max(place, its) : place;
            int from = isKnown ? its : place;
            if (step.RanAgain && (isKnown || !Run.IsPartial) && from < first)
            {
                (first, again) = (from, step.Name);
            }
        }

        for (int i = first + 1; i < _carried.Count; i++)
        {
            _carried[i].OutdatedBy ??= again;
        }
    }

    private bool IsFramed(byte[] head, byte[] tail)
    {
        try
        {
            using SafeFileHandle handle = NativeFile.OpenRead(StateFileOf.Full);
            byte[] begin = new byte[head.Length];
            byte[] end = new byte[tail.Length];
            long behind = NativeFile.Status(handle).Size - tail.Length;
            return behind >= head.Length
                && NativeFile.ReadFully(handle, begin) == begin.Length && begin.AsSpan().SequenceEqual(head)
                && NativeFile.Read(handle, end, behind) == end.Length && end.AsSpan().SequenceEqual(tail);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private FilePath StateFileOf => new(Path.ChangeExtension(_file.Full, ".json"), Path.ChangeExtension(_file.Display, ".json"));

    private void WriteState() => StateUnwritable.Guard(Run.Id, () => StateFile.Write(StateFileOf, Run));

    private void Apply(ReadOnlyMemory<byte> record, int sequence)
    {
        JsonScanner json = new(record);
        bool isCounted = false;
        bool isKnown = false;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("seq"u8))
            {
                isCounted = json.ReadInt64() == sequence ? true : throw new JsonException("seq");
            }
            else if (isKnown || !TryApply(ref json))
            {
                json.Skip();
            }
            else
            {
                isKnown = true;
            }
        }

        json.End();
        if (!isCounted || !isKnown)
        {
            throw new JsonException("kind of record");
        }
    }

    private bool TryApply(ref JsonScanner json)
    {
        if (json.IsNamed("step"u8))
        {
            ApplyStep(_last = StepRecord.Read(ref json, Run.Steps, _last));
        }
        else if (json.IsNamed("attempt"u8))
        {
            ApplyAttempt(ref json);
        }
        else if (json.IsNamed("carried"u8))
        {
            _last = StepRecord.Read(ref json, [], _last);
            if (!_places.TryAdd(_last.Key, _carried.Count))
            {
                throw new JsonException("carried twice");
            }

            _carried.Add(_last);
        }
        else if (json.IsNamed("finish"u8))
        {
            json.Skip();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ApplyStep(StepRecord step)
    {
        if (step.Number < 1 || step.Number > Run.Steps.Count + 1)
        {
            throw new JsonException("number");
        }

        if (step.Number > Run.Steps.Count)
        {
            // One that was taken over has its fingerprint and its outputs in what was carried.
            bool isTakenOver = step.ResumedFrom is not null;
            step.Complete(isTakenOver && _places.TryGetValue(step.Key, out int place) ? _carried[place] : null);
            Run.Add(step);
        }
        else
        {
            step.Complete(Run.Steps[step.Number - 1]);
            Run.Replace(step.Number, step);
        }
    }

    private void ApplyAttempt(ref JsonScanner json)
    {
        int number = 0;
        string? mark = null;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("step"u8))
            {
                number = json.ReadInt32();
            }
            else if (json.IsNamed("mark"u8))
            {
                mark = json.ReadText();
            }
            else
            {
                json.Skip();
            }
        }

        if (mark is null || number < 1 || number > Run.Steps.Count)
        {
            throw new JsonException("attempt");
        }

        StepRecord of = Run.Steps[number - 1];
        of.Marks = of.Marks.Count == 0 ? new string[] { mark } : [.. of.Marks, mark];
    }

    private static RunRecord ReadBeginning(JsonScanner json)
    {
        RunRecord? run = null;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("run"u8))
            {
                run = RunRecord.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        json.End();
        return run ?? throw new JsonException("run");
    }

    // The last record, of whatever kind, tells until when the run is known to have gone on.
    private void ReadEnd(JsonScanner json)
    {
        DateTimeOffset? at = null;
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("at"u8))
            {
                at = json.ReadTime();
            }
            else if (json.IsNamed("finish"u8))
            {
                ReadFinish(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        json.End();
        LastTime = at ?? throw new JsonException("at");
    }

    private void ReadFinish(ref JsonScanner json)
    {
        (string? status, TimeSpan? duration) = (null, null);
        json.BeginObject();
        while (json.NextProperty())
        {
            if (json.IsNamed("status"u8))
            {
                status = json.ReadText();
            }
            else if (json.IsNamed("duration"u8))
            {
                duration = json.ReadSeconds();
            }
            else if (json.IsNamed("error"u8))
            {
                Run.Error = json.ReadOptionalText();
            }
            else if (json.IsNamed("timing"u8))
            {
                Run.Timing = GraphTiming.Read(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        Run.Status = StatusWord.RunStatusOf(status);
        Run.Duration = StateFile.Lasting(Run.StartTime, duration ?? throw new JsonException("duration"));
    }

    private static bool IsDamage(Exception error) =>
        error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException or IndexOutOfRangeException;

    private static KinetraException NotUnderstood(FilePath file, Journal journal, int index, Exception error) =>
        Damaged(file, $"the record at byte {journal.OffsetOf(index)} cannot be understood", error);

    private static KinetraException Damaged(FilePath file, string what, Exception? inner) =>
        new(DiagnosticCodes.CorruptState, $"The journal {file} is damaged: {what}. Its run cannot be continued. A run from the start (without KinetraResume) does not need it; move it away to be rid of this message.", inner);
}
