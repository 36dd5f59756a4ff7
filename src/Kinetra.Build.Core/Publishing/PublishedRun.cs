using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>A run that has ended, as others are told of it: what the state has, with secrets masked once more.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Id">The run's id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">Why it failed, if no step's error says it; null otherwise.</param>
/// <param name="ContinuesId">The run that it continues; null if it began from the start.</param>
/// <param name="Steps">Its steps in the order in which they began.</param>
public sealed record PublishedRun(
    string Workflow,
    string Id,
    RunStatus Status,
    DateTimeOffset StartTime,
    TimeSpan Duration,
    string? Error,
    string? ContinuesId,
    IReadOnlyList<PublishedStep> Steps)
{
    /// <summary>Its status in a word.</summary>
    public string Word => Status.ToString().ToLowerInvariant();

    /// <summary>Takes down a run that has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mask">Replaces secrets: what is published may leave the machine.</param>
    public static PublishedRun Of(WorkflowRun run, Func<string, string> mask)
    {
        IReadOnlyList<StepRecord> records = run.Steps;
        PublishedStep[] steps = new PublishedStep[records.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            StepRecord record = records[i];
            bool isEarlier = record.ResumedFrom is not null;
            steps[i] = new PublishedStep(
                mask(record.Name),
                record.Occurrence,
                record.Status,
                record.IsCritical,
                isEarlier ? TimeSpan.Zero : record.Duration ?? TimeSpan.Zero,
                isEarlier ? 0 : record.Attempts,
                Masked(record.Reason, mask),
                Masked(record.Error, mask),
                Masked(record.LogFile, mask));
        }

        return new PublishedRun(mask(run.Workflow), run.Id, run.Status, run.StartTime, run.Duration ?? TimeSpan.Zero, Masked(run.Error, mask), run.ContinuesId, steps);
    }

    private static string? Masked(string? text, Func<string, string> mask) => text is null ? null : mask(text);
}
