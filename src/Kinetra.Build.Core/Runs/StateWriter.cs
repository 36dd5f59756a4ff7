using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Keeps the state file of a run current while it goes on, at a cost that does not grow with the number of steps: steps
/// that have ended are formatted once. A small file is replaced atomically, so that a reader sees one state or the next; of a
/// large one only the end is written, in place. It is not flushed, as the journal holds the truth. While the run goes on,
/// steps stand in the order in which they ended, those that run behind them. One thread at a time, but for <see cref="Settle"/>, which
/// may go on beside <see cref="Begin"/> and <see cref="End"/>.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    /// <summary>From this size on the file is written in place, in bytes.</summary>
    public const int LargeState = 64 * 1024;

    private readonly FilePath _file;
    private readonly RunRecord _run;
    private readonly List<StepRecord> _running = [];
    private List<StepRecord> _ended = [];

    // What does not change any more: the head and the steps that have ended; of a large file only what is not in it yet.
    private readonly MemoryStream _settled = new();
    private readonly StepFormatter _steps = new();
    private SafeFileHandle? _large;
    private long _written;
    private long _length;
    private bool _isFirst = true;

    /// <summary>Prepares to write.</summary>
    /// <param name="file">The state file.</param>
    /// <param name="run">The run; it has no steps yet.</param>
    public StateWriter(FilePath file, RunRecord run)
    {
        (_file, _run) = (file, run);
        (byte[] head, _) = StateFile.Frame(run);
        _settled.Write(head);
    }

    /// <summary>A step begins; to be written.</summary>
    public void Begin(StepRecord step) => _running.Add(step);

    /// <summary>A step has ended, or was taken over; to be written. It must not change any more.</summary>
    public void End(StepRecord step)
    {
        _running.Remove(step);
        _ended.Add(step);
    }

    /// <summary>The steps that have ended and were not taken yet, for <see cref="Settle"/>.</summary>
    public IReadOnlyList<StepRecord> Take()
    {
        List<StepRecord> ended = _ended;
        _ended = [];
        return ended;
    }

    /// <summary>Formats steps that have ended, as <see cref="Write"/> would; that takes longer than to write them, so whoever writes in the background does it before, outside of the run's lock.</summary>
    /// <param name="ended">What <see cref="Take"/> gave.</param>
    public void Settle(IReadOnlyList<StepRecord> ended)
    {
        lock (_settled)
        {
            for (int i = 0; i < ended.Count; i++)
            {
                Add(ended[i], _isFirst);
                _isFirst = false;
            }
        }
    }

    /// <summary>Writes the state as it is.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="KinetraException">The same.</exception>
    public void Write()
    {
        lock (_settled)
        {
            Settle(Take());
            WriteSettled();
        }
    }

    /// <summary>Writes the state at the run's end, durably, the steps in the order in which they began.</summary>
    /// <exception cref="KinetraException">It could not be written.</exception>
    public void Finish() => StateFile.Write(_file, _run);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _large?.Dispose();
        _settled.Dispose();
        _steps.Dispose();
    }

    private void WriteSettled()
    {
        long settled = _settled.Length;
        bool isFirst = _isFirst;
        foreach (StepRecord step in _running)
        {
            Add(step, isFirst);
            isFirst = false;
        }

        // The estimate in it changes.
        (_, byte[] tail) = StateFile.Frame(_run);
        _settled.Write(tail);
        long kept = settled;
        try
        {
            ReadOnlySpan<byte> content = _settled.GetBuffer().AsSpan(0, (int)_settled.Length);
            if (_large is null && content.Length < LargeState)
            {
                AtomicFile.WriteVolatile(_file, content);
            }
            else
            {
                WriteInPlace(content, settled);
                kept = 0;
            }
        }
        finally
        {
            // What could not be written is still to be written next time, and what runs stands behind it again.
            _settled.SetLength(kept);
        }
    }

    private void Add(StepRecord step, bool isFirst)
    {
        if (!isFirst)
        {
            _settled.WriteByte((byte)',');
        }

        _settled.Write(_steps.Format(step));
    }

    private void WriteInPlace(ReadOnlySpan<byte> content, long settled)
    {
        if (_large is null)
        {
            // Once more as a whole, under a name of its own until it is: from then on the end of this very file changes.
            AtomicFile.WriteVolatile(_file, content);
            _large = NativeFile.OpenReadWrite(_file.Full);
            (_written, _length) = (settled, content.Length);
            return;
        }

        // Blanks behind the JSON are JSON too; a file that is cut could be read without its end.
        Span<byte> padded = new byte[Math.Max(content.Length, _length - _written)];
        content.CopyTo(padded);
        padded[content.Length..].Fill((byte)'\n');
        NativeFile.Write(_large, padded, _written);
        (_length, _written) = (_written + padded.Length, _written + settled);
    }
}
