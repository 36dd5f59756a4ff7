using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>What a run would know of earlier ones if it began now. Nothing is locked, created or changed.</summary>
public sealed class RunPreview : IRunMemory
{
    private readonly LastSuccesses _successes;
    private readonly Dictionary<string, StepRecord> _prior = [];

    private RunPreview(RunHistory history, string? lastId, RecordedRun? continued)
    {
        (_successes, ContinuesId) = (new LastSuccesses(history, lastId), continued?.Run.Id);
        foreach (StepRecord step in continued?.KnownSteps() ?? [])
        {
            _prior[step.Key] = step;
        }
    }

    /// <inheritdoc/>
    public string? ContinuesId { get; }

    /// <summary>Looks at what there is.</summary>
    /// <param name="settings">The settings of the run that would begin.</param>
    /// <exception cref="KinetraException">As for <see cref="WorkflowRun.Start"/>, if the last run is to be continued.</exception>
    public static RunPreview Of(RunSettings settings)
    {
        RunHistory history = new(settings.StateDirectory, settings.Workflow);
        if (!Directory.Exists(settings.StateDirectory.Full))
        {
            return new RunPreview(history, null, null);
        }

        RecordedRun? last = null;
        RecordedRun? continued = null;
        try
        {
            last = history.FindLast(RunLock.LastRunIn(settings.StateDirectory, settings.Workflow));
            continued = settings.Resume ? history.FindUnfinished(last, settings.IsPartial) : null;
            continued?.ReadSteps();
        }
        catch (KinetraException error) when (!settings.Resume && error.Code is DiagnosticCodes.CorruptState or DiagnosticCodes.FileUnreadable)
        {
            // A run from the start does not need it.
        }

        return new RunPreview(history, last?.Run.Id, continued);
    }

    /// <inheritdoc/>
    public StepRecord? Prior(string name, int occurrence) => _prior.GetValueOrDefault(StepRecord.KeyOf(name, occurrence));

    /// <inheritdoc/>
    public StepRecord? FindLastSuccess(string name, int occurrence) => _successes.Find(name, occurrence);
}
