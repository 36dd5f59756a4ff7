namespace Kinetra.Build.Core.Runs;

/// <summary>
/// When steps have last succeeded, in the last runs of a workflow. Each run is read once, and only if a step needs it, as
/// thousands of steps may fail. Safe for several threads.
/// </summary>
/// <param name="history">The runs.</param>
/// <param name="lastId">The run to begin with; null for none.</param>
internal sealed class LastSuccesses(RunHistory history, string? lastId)
{
    private const int RunsToLookAt = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StepRecord> _found = [];
    private string? _next = lastId;
    private int _lookedAt;

    /// <summary>The last time that a step succeeded; null if it did not, as far as the runs can be read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="occurrence">Its number among those of its name.</param>
    public StepRecord? Find(string name, int occurrence)
    {
        lock (_gate)
        {
            string key = StepRecord.KeyOf(name, occurrence);
            while (!_found.ContainsKey(key) && _next is { } id && _lookedAt++ < RunsToLookAt)
            {
                _next = Look(id);
            }

            return _found.GetValueOrDefault(key);
        }
    }

    // The run before it; null if there is none, or if this one cannot be read.
    private string? Look(string id)
    {
        try
        {
            RecordedRun? run = history.ReadWhole(id);
            foreach (StepRecord step in run?.KnownSteps().Where(step => step.IsDone) ?? [])
            {
                _found.TryAdd(step.Key, step);
            }

            return run?.Run.PreviousId;
        }
        catch (KinetraException)
        {
            // It is only to be told along with a failure.
            return null;
        }
    }
}
