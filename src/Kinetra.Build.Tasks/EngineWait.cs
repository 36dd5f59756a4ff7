using System.Runtime.ExceptionServices;

namespace Kinetra.Build.Tasks;

/// <summary>
/// What a thread does while it waits for the engine to build. The engine keeps the lock of a task's log while it builds for the task, so no other thread can log
/// then; but it waits on the task's own thread, where .NET lets a synchronization context take part in waiting, and that thread has the lock. Where the engine waits in
/// another way, nothing is done meanwhile.
/// </summary>
internal sealed class EngineWait : SynchronizationContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Action _meanwhile;
    private ExceptionDispatchInfo? _bug;
    private bool _isBusy;

    private EngineWait(Action meanwhile)
    {
        _meanwhile = meanwhile;
        SetWaitNotificationRequired();
    }

    /// <summary>Builds.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="build">Calls the engine.</param>
    /// <param name="meanwhile">Is called every now and then, on this thread.</param>
    public static T During<T>(Func<T> build, Action meanwhile)
    {
        EngineWait wait = new(meanwhile);
        SynchronizationContext? before = Current;
        SetSynchronizationContext(wait);
        T result;
        try
        {
            result = build();
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        wait._bug?.Throw();
        return result;
    }

    /// <inheritdoc/>
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        // It waits for its results, or to be told to stop: without end, and for either. Other waits are short, and may be in the middle of something.
        if (_isBusy || waitAll || waitHandles.Length < 2 || millisecondsTimeout != Timeout.Infinite)
        {
            return WaitHelper(waitHandles, waitAll, millisecondsTimeout);
        }

        int signalled;
        while ((signalled = WaitHelper(waitHandles, waitAll, (int)Interval.TotalMilliseconds)) == WaitHandle.WaitTimeout)
        {
            Pass();
        }

        return signalled;
    }

    // An exception would go through the engine.
    private void Pass()
    {
        if (_bug is not null)
        {
            return;
        }

        _isBusy = true;
        try
        {
            _meanwhile();
        }
        catch (Exception bug)
        {
            _bug = ExceptionDispatchInfo.Capture(bug);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
