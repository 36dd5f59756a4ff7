using Kinetra.Build.Core.Graphs;
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
    /// <summary>
    /// Which step waited for which, by their places in <see cref="Steps"/>: the graph of those in a graph, and of the others, which are tasks of targets, each for
    /// the one before it.
    /// </summary>
    public IReadOnlyList<(int From, int To)> Links { get; init; } = [];

    /// <summary>Takes down a run that has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="graphs">The graphs of which it has run steps.</param>
    /// <param name="mask">Replaces secrets: what is published may leave the machine.</param>
    public static PublishedRun Of(WorkflowRun run, IReadOnlyList<StepGraph> graphs, Func<string, string> mask)
    {
        IReadOnlyList<StepRecord> records = run.Steps;
        PublishedStep[] steps = new PublishedStep[records.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            StepRecord record = records[i];
            steps[i] = new PublishedStep(
                mask(record.Name),
                record.Occurrence,
                record.Status,
                record.WasRun,
                record.IsCritical,
                record is { WasRun: true, Duration: { } duration } ? duration : TimeSpan.Zero,
                record.WasRun ? record.Attempts : 0,
                Masked(record.Reason, mask),
                Masked(record.Error, mask),
                Masked(record.LogFile, mask));
        }

        return new PublishedRun(mask(run.Workflow), run.Id, run.Status, run.StartTime, run.Duration ?? TimeSpan.Zero, Masked(run.Error, mask), run.ContinuesId, steps)
        {
            Links = LinksOf(records, graphs),
        };
    }

    private static List<(int From, int To)> LinksOf(IReadOnlyList<StepRecord> records, IReadOnlyList<StepGraph> graphs)
    {
        List<(int From, int To)> links = [];
        Dictionary<string, int> places = [];
        int? before = null;
        for (int i = 0; i < records.Count; i++)
        {
            // A step of a graph has its name but once there; one of a target that has it too came before.
            places[records[i].Name] = i;
            if (!graphs.Any(graph => graph.Find(records[i].Name) is not null))
            {
                if (before is { } previous)
                {
                    links.Add((previous, i));
                }

                before = i;
            }
        }

        foreach (StepGraph graph in graphs)
        {
            for (int step = 0; step < graph.Steps.Count; step++)
            {
                if (places.TryGetValue(graph.Steps[step].Name, out int to))
                {
                    foreach (Dependency dependency in graph.DependenciesOf(step))
                    {
                        if (places.TryGetValue(graph.Steps[dependency.Step].Name, out int from))
                        {
                            links.Add((from, to));
                        }
                    }
                }
            }
        }

        return links;
    }

    private static string? Masked(string? text, Func<string, string> mask) => text is null ? null : mask(text);
}
