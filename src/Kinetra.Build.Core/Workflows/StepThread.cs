namespace Kinetra.Build.Core.Workflows;

/// <summary>A thread that runs one step after another, and sleeps while there is none.</summary>
/// <param name="run">Runs a step to its end; returns the next one for this thread, or null once it counts as idle.</param>
/// <param name="broken">Is told of an exception that a step let through; the thread ends then.</param>
internal sealed class StepThread(Func<StepThread, int, int?> run, Action<Exception> broken)
{
    private const int StackSize = 1024 * 1024;

    private readonly SemaphoreSlim _wake = new(0);
    private Thread? _thread;
    private int _step;
    private bool _isDismissed;

    /// <summary>Starts it.</summary>
    /// <param name="step">Its first step.</param>
    public void Start(int step)
    {
        _step = step;
        _thread = new Thread(Work, StackSize) { IsBackground = true, Name = "workflow step" };
        _thread.Start();
    }

    /// <summary>Wakes it up for a step.</summary>
    /// <param name="step">The step.</param>
    public void Give(int step)
    {
        _step = step;
        _wake.Release();
    }

    /// <summary>Has it end when it is idle next.</summary>
    public void Dismiss()
    {
        _isDismissed = true;
        _wake.Release();
    }

    /// <summary>Waits for its end.</summary>
    public void Join() => _thread!.Join();

    private void Work()
    {
        try
        {
            while (!_isDismissed)
            {
                for (int? next = _step; next is { } step;)
                {
                    next = run(this, step);
                }

                _wake.Wait();
            }
        }
        catch (Exception bug)
        {
            broken(bug);
        }
    }
}
