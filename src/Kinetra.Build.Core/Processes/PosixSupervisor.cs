using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Takes a program's output and waits for its end, its time-out or a cancellation, all in the calling thread: there is no
/// thread for a program, and nothing to hand over from one thread to another.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PosixSupervisor : IDisposable
{
    private const int PollInterval = 20;
    private const int LongestPause = 10;

    [ThreadStatic]
    private static byte[]? _keptBuffer;

    private readonly PosixChild _child;
    private readonly StepOutput _output;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly Wakeup _wakeup = Wakeup.Take();
    private readonly byte[] _buffer = _keptBuffer ?? new byte[64 * 1024];
    private StepOutput.Channel? _channel;
    private bool _ended;
    private bool _outputEnded;
    private int _pause = 1;

    /// <summary>Prepares to look after a program.</summary>
    /// <param name="child">The program, which was just started.</param>
    /// <param name="output">Takes what it writes.</param>
    /// <param name="time">The clock for the time-out and the grace period.</param>
    /// <param name="cancellation">Ends its tree.</param>
    public PosixSupervisor(PosixChild child, StepOutput output, TimeProvider time, CancellationToken cancellation)
    {
        (_child, _output, _time, _cancellation) = (child, output, time, cancellation);
        _keptBuffer = null;
    }

    /// <summary>Waits until the program has ended, or was ended, and its output has been taken.</summary>
    /// <param name="limits">How long it may take.</param>
    /// <param name="outputHeld">Whether a process that it left behind holds its output open.</param>
    /// <returns>How it ended.</returns>
    public ProcessEnd Run(ProcessLimits limits, out bool outputHeld)
    {
        ProcessEnd end = WaitForEnd(limits.Timeout);
        if (end != ProcessEnd.Exited)
        {
            EndTree(limits.GracePeriod);
        }

        outputHeld = !Drain();
        return end;
    }

    public void Dispose()
    {
        _keptBuffer = _buffer;
        _wakeup.GiveBack();
    }

    private ProcessEnd WaitForEnd(TimeSpan? timeout)
    {
        using CancellationTokenRegistration registration = _cancellation.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Set(), _wakeup);

        // Taken before there is a timer: one that had its time before would wake up nobody who sees that it is over.
        long start = _time.GetTimestamp();

        // Another clock than the system's does not go as poll does: it has to tell.
        bool isSystem = ReferenceEquals(_time, TimeProvider.System);
        using ITimer? timer = timeout is { } due && !isSystem ? _time.CreateTimer(static wakeup => ((Wakeup)wakeup!).Set(), _wakeup, due, Timeout.InfiniteTimeSpan) : null;
        while (!_ended)
        {
            if (_cancellation.IsCancellationRequested || _output.HasFailed)
            {
                return ProcessEnd.Cancelled;
            }

            TimeSpan? left = timeout - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return ProcessEnd.TimedOut;
            }

            Advance(left is { } rest && isSystem ? (int)Math.Min(Math.Ceiling(rest.TotalMilliseconds), int.MaxValue) : -1);
        }

        return ProcessEnd.Exited;
    }

    // The grace period is for the whole tree to finish its work: of a shell's line the shell itself dies at once.
    private void EndTree(TimeSpan gracePeriod)
    {
        _child.Terminate();
        long start = _time.GetTimestamp();
        while ((!_ended || _child.HasDescendants()) && _time.GetElapsedTime(start) < gracePeriod)
        {
            AdvanceUntil(Environment.TickCount64 + PollInterval, () => false);
        }

        _child.Kill();
        while (!_ended)
        {
            Advance(PollInterval);
        }
    }

    private bool Drain()
    {
        _child.CloseWriter();
        AdvanceUntil(Environment.TickCount64 + (long)ProcessLimits.Drain.TotalMilliseconds, () => _outputEnded);
        return _outputEnded;
    }

    private void AdvanceUntil(long deadline, Func<bool> isEnough)
    {
        for (long left; !isEnough() && (left = deadline - Environment.TickCount64) > 0;)
        {
            Advance((int)left);
        }
    }

    // Waits until something happens, at most so long, and does what there is to do.
    private unsafe void Advance(int milliseconds)
    {
        bool hasToAsk = !_ended && _child.End < 0;
        if (hasToAsk)
        {
            milliseconds = milliseconds < 0 ? _pause : Math.Min(milliseconds, _pause);
            _pause = Math.Min(2 * _pause, LongestPause);
        }

        PollRequest* requests = stackalloc PollRequest[3];
        requests[0] = new PollRequest(_outputEnded ? -1 : (int)_child.Output.DangerousGetHandle());
        requests[1] = new PollRequest(_ended ? -1 : _child.End);
        requests[2] = new PollRequest(_wakeup.Descriptor);
        Descriptors.Wait(requests, 3, milliseconds);
        if (requests[2].Happened != 0)
        {
            _wakeup.Clear();
        }

        if (requests[0].Happened != 0)
        {
            int count = Descriptors.Read(_child.Output, _buffer);
            _outputEnded = count == 0;
            if (count > 0)
            {
                (_channel ??= _output.Open()).Write(_buffer.AsSpan(0, count));
            }

            _pause = 1;
        }

        _ended |= requests[1].Happened != 0 || (hasToAsk && _child.HasEnded());
    }
}
