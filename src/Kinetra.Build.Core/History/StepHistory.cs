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
        int[] runs = new int[kept + 1];
        double[] durations = new double[kept + 1];
        Array.Copy(_runs, _runs.Length - kept, runs, 0, kept);
        Array.Copy(_seconds, _seconds.Length - kept, durations, 0, kept);
        (runs[kept], durations[kept]) = (run, seconds);
        (_runs, _seconds) = (runs, durations);
    }
}
