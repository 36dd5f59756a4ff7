using Microsoft.Extensions.Time.Testing;

namespace Kinetra.Build.Core.Tests;

/// <summary>
/// Moves a clock while others wait for it. A pause is announced just before its timer starts, so the clock is moved a
/// little at a time until the wait is over: by a sixtieth of the pause each millisecond.
/// </summary>
internal sealed class ClockHand : IDisposable
{
    private readonly FakeTimeProvider _time;
    private readonly Thread _thread;
    private volatile bool _stop;
    private long _step;

    public ClockHand(FakeTimeProvider time)
    {
        _time = time;
        _thread = new Thread(Turn) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>From now on the clock goes on until <see cref="Stop"/>.</summary>
    public void Move(TimeSpan pause) => Interlocked.Exchange(ref _step, pause.Ticks / 60);

    /// <summary>The clock stands still again.</summary>
    public void Stop() => Interlocked.Exchange(ref _step, 0);

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Turn()
    {
        while (!_stop)
        {
            Thread.Sleep(1);
            _time.Advance(TimeSpan.FromTicks(Interlocked.Read(ref _step)));
        }
    }
}
