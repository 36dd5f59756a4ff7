using System.Buffers;
using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.History;

/// <summary>
/// How long the steps of a workflow took in its last runs, in the file <c>{workflow}.history</c> of the state directory. The file is
/// read when something of it is needed first, and a step's line when it is asked for. A damaged file counts as empty and is replaced.
/// Where two builds save at a time, the last one wins: the other's durations are lost, nothing else. Not safe for several threads at a time.
/// </summary>
public sealed class DurationHistory
{
    /// <summary>After how many runs in which it was not seen a step is forgotten.</summary>
    public const int RunsToRemember = 50;

    // Seeing a step need not rewrite its line in every run.
    private const int RunsBetweenSightings = 10;

    private readonly FilePath _file;
    private Dictionary<string, Entry>? _entries;
    private int _lastRun;
    private bool _isChanged;

    private DurationHistory(FilePath file) => _file = file;

    /// <summary>The number for a run that begins now: one more than that of the last run whose durations are known.</summary>
    public int NextRun
    {
        get
        {
            Entries();
            return _lastRun + 1;
        }
    }

    /// <summary>The history in a file, which is not read yet and need not exist.</summary>
    /// <param name="file">The file.</param>
    public static DurationHistory Load(FilePath file) => new(file);

    /// <summary>What is known of a step; null if nothing is.</summary>
    /// <param name="key">What the step is known by from run to run.</param>
    public StepHistory? Find(string key) => Entries().TryGetValue(key, out Entry? entry) ? entry.History : null;

    /// <summary>Adds how long a step took that succeeded and did its work.</summary>
    /// <param name="key">What the step is known by from run to run.</param>
    /// <param name="run">The number of the run, <see cref="NextRun"/> as it was when the run began.</param>
    /// <param name="duration">How long it took, attempts that failed and pauses included.</param>
    /// <param name="cpu">Its processor time; null if it was not measured.</param>
    /// <param name="peakMemory">Its peak memory in bytes; null if it was not measured.</param>
    public void Add(string key, int run, TimeSpan duration, TimeSpan? cpu = null, long? peakMemory = null)
    {
        if (!Entries().TryGetValue(key, out Entry? entry))
        {
            Entries().Add(key, entry = new Entry());
        }

        StepHistory history = entry.History ?? new StepHistory();
        history.Add(run, duration.TotalSeconds);
        (history.CpuSeconds, history.PeakMemory) = (cpu?.TotalSeconds, peakMemory);
        entry.Replace(history, run);
        Changed(run);
    }

    /// <summary>Notes that a step is still part of the workflow, though it did no work in this run.</summary>
    /// <param name="key">What the step is known by from run to run.</param>
    /// <param name="run">As for <see cref="Add"/>.</param>
    public void See(string key, int run)
    {
        if (Entries().TryGetValue(key, out Entry? entry) && run - entry.Seen >= RunsBetweenSightings && entry.History is { } history)
        {
            entry.Replace(history, run);
            Changed(run);
        }
    }

    /// <summary>Forgets the steps that have not been seen for <see cref="RunsToRemember"/> runs.</summary>
    /// <returns>How many there were.</returns>
    public int Forget()
    {
        List<string> old = [];
        foreach ((string key, Entry entry) in Entries())
        {
            if (_lastRun - entry.Seen > RunsToRemember)
            {
                old.Add(key);
            }
        }

        foreach (string key in old)
        {
            Entries().Remove(key);
        }

        _isChanged |= old.Count > 0;
        return old.Count;
    }

    /// <summary>Replaces the file atomically, if something has changed.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/>, <see cref="DiagnosticCodes.WriteFailed"/> or <see cref="DiagnosticCodes.DurabilityUnknown"/>.</exception>
    public void Save()
    {
        if (!_isChanged)
        {
            return;
        }

        HistoryFile.Write(_file, WriteLines);
        _isChanged = false;
    }

    private void WriteLines(IBufferWriter<byte> lines)
    {
        using Utf8JsonWriter json = JsonRecord.Writer(lines);
        foreach ((string key, Entry entry) in Entries())
        {
            entry.Write(key, lines, json);
            lines.Write("\n"u8);
        }
    }

    private Dictionary<string, Entry> Entries() => _entries ??= Read();

    private Dictionary<string, Entry> Read()
    {
        List<ReadOnlyMemory<byte>> lines = HistoryFile.Read(_file);
        Dictionary<string, Entry> entries = new(lines.Count, StringComparer.Ordinal);
        try
        {
            for (int i = 0; i < lines.Count; i++)
            {
                ReadOnlyMemory<byte> line = lines[i];
                (string key, int seen) = HistoryLine.ReadKey(line);
                entries[key] = new Entry(line, seen);
                _lastRun = Math.Max(_lastRun, seen);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            entries.Clear();
            _lastRun = 0;
        }

        return entries;
    }

    private void Changed(int run)
    {
        _lastRun = Math.Max(_lastRun, run);
        _isChanged = true;
    }

    /// <summary>A step: its line as read, or what has become of it.</summary>
    private sealed class Entry(ReadOnlyMemory<byte> line = default, int seen = 0)
    {
        private ReadOnlyMemory<byte> _line = line;
        private StepHistory? _history;

        public int Seen { get; private set; } = seen;

        public StepHistory? History => _history ??= _line.IsEmpty ? null : Parse();

        public void Replace(StepHistory history, int seen)
        {
            (_history, Seen) = (history, Math.Max(Seen, seen));
            _line = default;
        }

        public void Write(string key, IBufferWriter<byte> lines, Utf8JsonWriter json)
        {
            if (!_line.IsEmpty)
            {
                lines.Write(_line.Span);
                return;
            }

            json.Reset();
            HistoryLine.Write(json, key, Seen, _history!);
            json.Flush();
        }

        private StepHistory? Parse()
        {
            try
            {
                return HistoryLine.Read(_line);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
            {
                return null;
            }
        }
    }
}
