namespace Kinetra.Build.Core.History;

/// <summary>What is known of a step's past: the durations of its last runs that succeeded and did work (were not taken from a cache).</summary>
public sealed class StepHistory
{
    /// <summary>How many runs are kept. With a half-life of ten runs, older ones would weigh less than an eighth.</summary>
    public const int Capacity = 30;

    // Just as long as needed: a large graph has ten thousand of these, most of them short.
    private int[] _runs;
    private double[] _seconds;

    /// <summary>A past without runs.</summary>
    public StepHistory()
        : this([], [])
    {
    }

    internal StepHistory(int[] runs, double[] seconds) => (_runs, _seconds) = (runs, seconds);

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
        int kept = Math.Min(_runs.Length, Capacity - 1);
        _runs = [.. _runs.AsSpan(_runs.Length - kept), run];
        _seconds = [.. _seconds.AsSpan(_seconds.Length - kept), seconds];
    }
}
