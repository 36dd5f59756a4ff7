using System.Text.Json;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Reports;

/// <summary>
/// How long steps took in earlier runs: those of a graph as its history knows it, others by the journals of the last runs.
/// </summary>
internal sealed class StepPast
{
    /// <summary>The journals of so many runs are read for their steps; a report is not to cost more than a run that is over in a moment.</summary>
    public const int MostJournals = 12;

    // The history holds whole microseconds.
    private const double Same = 2e-6;

    private readonly DurationHistory _history;
    private readonly IReadOnlyList<StepGraph> _graphs;
    private readonly Dictionary<string, Known> _journals = [];

    /// <summary>Reads what is needed.</summary>
    /// <param name="source">What the report is made of.</param>
    /// <param name="steps">The steps of its run.</param>
    /// <param name="runs">The runs before it, newest first.</param>
    public StepPast(ReportSource source, IReadOnlyList<StepRecord> steps, List<RecordedRun> runs)
    {
        (_history, _graphs) = (source.History, source.Graphs);
        for (int i = 0; i < steps.Count; i++)
        {
            if (!IsOfGraph(steps[i].Name))
            {
                ReadJournals(runs);
                return;
            }
        }
    }

    /// <summary>Writes the durations of a step's earlier successful runs as <c>history</c>, in seconds, the newest last; nothing if there are none.</summary>
    /// <param name="json">Where.</param>
    /// <param name="step">The step.</param>
    public void Write(Utf8JsonWriter json, StepRecord step)
    {
        if (IsOfGraph(step.Name))
        {
            WriteHistory(json, step);
        }
        else if (_journals.TryGetValue(step.Key, out Known? known))
        {
            json.WriteStartArray("history");
            for (int i = 0; i < known.Count; i++)
            {
                json.WriteNumberValue(known.Seconds[i]);
            }

            json.WriteEndArray();
        }
    }

    private bool IsOfGraph(string step)
    {
        for (int i = 0; i < _graphs.Count; i++)
        {
            if (_graphs[i].Find(step) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void WriteHistory(Utf8JsonWriter json, StepRecord step)
    {
        if (_history.Find(step.Name)?.Seconds is not { Count: > 0 } seconds)
        {
            return;
        }

        // The last one may be this run's.
        bool isThis = step is { Status: StepStatus.Completed, ResumedFrom: null, Duration: { } taken } && Math.Abs(taken.TotalSeconds - seconds[^1]) < Same;
        int count = isThis ? seconds.Count - 1 : seconds.Count;
        if (count > 0)
        {
            json.WriteStartArray("history");
            for (int i = 0; i < count; i++)
            {
                json.WriteNumberValue(seconds[i]);
            }

            json.WriteEndArray();
        }
    }

    private void ReadJournals(List<RecordedRun> runs)
    {
        for (int i = Math.Min(runs.Count, MostJournals) - 1; i >= 0; i--)
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

            IReadOnlyList<StepRecord> steps = runs[i].Run.Steps;
            for (int j = 0; j < steps.Count; j++)
            {
                if (steps[j] is { Status: StepStatus.Completed, ResumedFrom: null, Duration: { } taken } step)
                {
                    if (!_journals.TryGetValue(step.Key, out Known? known))
                    {
                        _journals.Add(step.Key, known = new Known());
                    }

                    if (known.Count < MostJournals)
                    {
                        known.Seconds[known.Count++] = taken.TotalSeconds;
                    }
                }
            }
        }
    }

    // Rather than a list of numbers, whose code would have to be compiled in every build. A step has each of its names once in a run.
    private sealed class Known
    {
        public double[] Seconds { get; } = new double[MostJournals];

        public int Count { get; set; }
    }
}
