using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>
/// How long steps took in earlier runs: those of a graph as its history knows it, others by the journals of the last runs.
/// </summary>
internal sealed class StepPast
{
    // The history holds whole microseconds.
    private const double Same = 2e-6;

    private readonly DurationHistory _history;
    private readonly HashSet<string> _graph = [];
    private readonly Dictionary<string, List<double>> _journals = [];

    /// <summary>Reads what is needed.</summary>
    /// <param name="source">What the report is made of.</param>
    /// <param name="steps">The steps of its run.</param>
    /// <param name="runs">The runs before it, newest first.</param>
    public StepPast(ReportSource source, IReadOnlyList<StepRecord> steps, IReadOnlyList<RecordedRun> runs)
    {
        _history = source.History;
        foreach (Graphs.StepGraph graph in source.Graphs)
        {
            for (int i = 0; i < graph.Steps.Count; i++)
            {
                _graph.Add(graph.Steps[i].Name);
            }
        }

        for (int i = 0; i < steps.Count; i++)
        {
            if (!_graph.Contains(steps[i].Name))
            {
                ReadJournals(runs);
                return;
            }
        }
    }

    /// <summary>The durations of a step's earlier successful runs in seconds, the newest last.</summary>
    /// <param name="step">The step.</param>
    public IReadOnlyList<double> Of(StepRecord step)
    {
        if (!_graph.Contains(step.Name))
        {
            return _journals.TryGetValue(step.Key, out List<double>? known) ? known : [];
        }

        IReadOnlyList<double> seconds = _history.Find(step.Name)?.Seconds ?? [];

        // The last one may be this run's.
        bool isThis = seconds.Count > 0 && step is { Status: StepStatus.Completed, Duration: { } taken } && Math.Abs(taken.TotalSeconds - seconds[^1]) < Same;
        return isThis ? [.. seconds.Take(seconds.Count - 1)] : seconds;
    }

    private void ReadJournals(IReadOnlyList<RecordedRun> runs)
    {
        for (int i = runs.Count - 1; i >= 0; i--)
        {
            try
            {
                runs[i].ReadSteps();
            }
            catch (KinetraException)
            {
                // It is only to be looked at.
                continue;
            }

            foreach (StepRecord step in runs[i].Run.Steps)
            {
                if (step is { Status: StepStatus.Completed, ResumedFrom: null, Duration: { } taken })
                {
                    if (!_journals.TryGetValue(step.Key, out List<double>? known))
                    {
                        _journals.Add(step.Key, known = []);
                    }

                    known.Add(taken.TotalSeconds);
                }
            }
        }
    }
}
