namespace Kinetra.Build.Core.Runs;

/// <summary>
/// Does something again and again in a thread of its own, soon after it was asked for and with a pause after each time: however
/// often it is asked for in the pause, it is done once more. The thread begins with the first wish.
/// </summary>
internal sealed class BackgroundWork : IDisposable
{
    private readonly object _gate = new();
    private readonly Action _work;
    private readonly TimeSpan _pause;
    private readonly string _name;
    private Thread? _thread;
    private bool _asked;
    private bool _idle;
    private bool _stopped;

    /// <summary>Prepares; nothing is done yet.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="pause">From the end of one time to the beginning of the next, at least.</param>
    /// <param name="work">What to do. It keeps its errors for whoever asks next.</param>
    public BackgroundWork(string name, TimeSpan pause, Action work) => (_name, _pause, _work) = (name, pause, work);

    /// <summary>Has it done once more. Cheap, and nobody is woken up while it goes on or pauses.</summary>
    public void Ask()
    {
        lock (_gate)
        {
            if (_asked || _stopped)
            {
                return;
            }

            _asked = true;
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = _name };
                _thread.Start();
            }
            else if (_idle)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Ends the thread; what was asked for and has not begun is not done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_asked && !_stopped)
                {
                    _idle = true;
                    Monitor.Wait(_gate);
                    _idle = false;
                }

                if (_stopped)
                {
                    return;
                }

                _asked = false;
            }

            _work();
            lock (_gate)
            {
                _ = _stopped || Monitor.Wait(_gate, _pause);
            }
        }
    }
}
