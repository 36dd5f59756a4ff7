using Kinetra.Build.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Keeps the state file of a run current while it goes on, at a cost that does not grow with the number of steps: steps
/// that have ended are formatted once. A small file is replaced atomically, so that a reader sees one state or the next; of a
/// large one only the end is written, in place. It is not flushed, as the journal holds the truth. While the run goes on,
/// steps stand in the order in which they ended, those that run behind them. One thread at a time, but for <see cref="Write(StateSnapshot)"/>: no
/// step is to wait for it, so it may go on beside all else.
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
    private readonly StepFormatter _runningSteps = new();
    private SafeFileHandle? _large;
    private long _written;
    private long _length;
    private bool _isFirst = true;
    private bool _isFinished;

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

    /// <summary>What is to be written, as it is now. Whoever takes it writes it: the steps that have ended are not in the next one.</summary>
    public StateSnapshot Take()
    {
        List<StepRecord> ended = _ended;
        _ended = [];
        byte[][] running = new byte[_running.Count][];
        for (int i = 0; i < running.Length; i++)
        {
            running[i] = _runningSteps.Format(_running[i]).ToArray();
        }

        // The estimate in it changes.
        (_, byte[] tail) = StateFile.Frame(_run);
        return new StateSnapshot(ended, running, tail);
    }

    /// <summary>Writes the state as it is.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="KinetraException">The same.</exception>
    public void Write() => Write(Take());

    /// <summary>Writes the state as it was. Nothing is done once the run has ended.</summary>
    /// <param name="snapshot">What <see cref="Take"/> gave.</param>
    /// <exception cref="IOException">It could not be written. The steps that have ended will be written next time.</exception>
    /// <exception cref="KinetraException">The same.</exception>
    public void Write(StateSnapshot snapshot)
    {
        lock (_settled)
        {
            if (_isFinished)
            {
                return;
            }

            foreach (StepRecord step in snapshot.Ended)
            {
                Add(_steps.Format(step), _isFirst);
                _isFirst = false;
            }

            Write(snapshot.Running, snapshot.Tail);
        }
    }

    /// <summary>Writes the state at the run's end, durably, the steps in the order in which they began.</summary>
    /// <exception cref="KinetraException">It could not be written.</exception>
    public void Finish()
    {
        lock (_settled)
        {
            _isFinished = true;
            StateFile.Write(_file, _run);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _large?.Dispose();
        _settled.Dispose();
        _steps.Dispose();
        _runningSteps.Dispose();
    }

    private void Write(IReadOnlyList<byte[]> running, byte[] tail)
    {
        long settled = _settled.Length;
        bool isFirst = _isFirst;
        foreach (byte[] step in running)
        {
            Add(step, isFirst);
            isFirst = false;
        }

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

    private void Add(ReadOnlySpan<byte> step, bool isFirst)
    {
        if (!isFirst)
        {
            _settled.WriteByte((byte)',');
        }

        _settled.Write(step);
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
        byte[] padded = new byte[Math.Max(content.Length, _length - _written)];
        content.CopyTo(padded);
        for (int i = content.Length; i < padded.Length; i++)
        {
            padded[i] = (byte)'\n';
        }

        NativeFile.Write(_large, padded, _written);
        (_length, _written) = (_written + padded.Length, _written + settled);
    }
}
