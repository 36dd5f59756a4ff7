namespace Kinetra.Build.Core.History;

/// <summary>What is known of a step's past: the durations of its last runs that succeeded and did work (were not taken from a cache).</summary>
public sealed class StepHistory
{
    /// <summary>How many runs are kept. With a half-life of ten runs, older ones would weigh less than an eighth.</summary>
    public const int Capacity = 30;

    private readonly List<int> _runs;
    private readonly List<double> _seconds;

    /// <summary>A past without runs.</summary>
    public StepHistory()
        : this(0)
    {
    }

    internal StepHistory(int capacity) => (_runs, _seconds) = (new List<int>(capacity), new List<double>(capacity));

    /// <summary>The numbers of the runs, newest last.</summary>
    public IReadOnlyList<int> Runs => _runs;

    /// <summary>How long it took in each of <see cref="Runs"/>, in seconds.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>The processor time of the newest run in seconds; null if it was not measured.</summary>
    public double? CpuSeconds { get; internal set; }

    /// <summary>The peak memory of the newest run in bytes; null if it was not measured.</summary>
    public long? PeakMemory { get; internal set; }

    internal void Add(int run, double seconds)
    {
        if (_runs.Count == Capacity)
        {
            _runs.RemoveAt(0);
            _seconds.RemoveAt(0);
        }

        _runs.Add(run);
        _seconds.Add(seconds);
    }
}
