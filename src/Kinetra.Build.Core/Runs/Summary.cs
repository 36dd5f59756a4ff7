using System.Globalization;

namespace Kinetra.Build.Core.Runs;

/// <summary>The seed's "Performance Insights": what each step took, its share of the time in steps, its retries.</summary>
public static class Summary
{
    private const int MaximumWidth = 40;

    /// <summary>The summary of a run, line by line. Steps of one name share a line, with their average.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<string> Lines(WorkflowRun run)
    {
        IReadOnlyList<StepRecord> steps = run.Steps;
        List<string> lines = [$"Workflow {run.Workflow} ({run.Id}): {StateFile.Word(run.Status)}"];
        if (steps.Count > 0)
        {
            AddInsights(lines, steps);
        }

        if (run.ContinuesId is { } continued)
        {
            int earlier = steps.Count(step => step.ResumedFrom is not null);
            lines.Add($"Steps: {steps.Count - earlier} run now, {earlier} completed before (this run continues {continued}).");
        }

        if (run.Error is not null)
        {
            lines.Add($"Reason: {run.Error}");
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"Total Duration: {run.Duration?.TotalSeconds ?? 0:0.00}s"));
        return lines;
    }

    private static void AddInsights(List<string> lines, IReadOnlyList<StepRecord> steps)
    {
        Rows rows = new();
        Dictionary<string, Rows> operations = [];
        foreach (StepRecord step in steps)
        {
            Row row = rows.Add(step.Name, step.Duration?.TotalSeconds ?? 0);
            row.Retries += step.Retries;
            string word = StateFile.Word(step.Status) + (step.ResumedFrom is null ? "" : " before");
            if (!row.Words.Contains(word))
            {
                row.Words.Add(word);
            }

            foreach (StepOperation operation in step.Operations)
            {
                if (!operations.TryGetValue(step.Name, out Rows? inside))
                {
                    operations.Add(step.Name, inside = new Rows());
                }

                inside.Add(operation.Name, operation.Duration.TotalSeconds);
            }
        }

        int width = Math.Min(rows.Width, MaximumWidth);
        lines.Add("Performance Insights:");
        foreach (Row row in rows.LongestFirst())
        {
            double share = rows.Total > 0 ? 100 * row.Total / rows.Total : 0;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {row.Name.PadRight(width)}  {row.Average,8:0.00}s avg  {row.Total,8:0.00}s total  ({share,5:0.0}%)  {row.Retries} {(row.Retries == 1 ? "retry" : "retries")}  {string.Join(", ", row.Words)}{row.Times}"));
            if (operations.TryGetValue(row.Name, out Rows? inside))
            {
                lines.AddRange(inside.LongestFirst().Select(operation => string.Create(CultureInfo.InvariantCulture, $"    {operation.Name.PadRight(Math.Max(width - 2, 0))}  {operation.Average,8:0.00}s avg  {operation.Total,8:0.00}s total{operation.Times}")));
            }
        }
    }

    // Loops where LINQ would do: its code for numbers would have to be compiled at the end of every build.
    private sealed class Rows
    {
        private readonly Dictionary<string, Row> _byName = [];
        private readonly List<Row> _rows = [];

        public double Total { get; private set; }

        public int Width { get; private set; }

        public Row Add(string name, double seconds)
        {
            if (!_byName.TryGetValue(name, out Row? row))
            {
                _byName.Add(name, row = new Row(name, _rows.Count));
                _rows.Add(row);
                Width = Math.Max(Width, name.Length);
            }

            row.Count++;
            row.Total += seconds;
            Total += seconds;
            return row;
        }

        public IReadOnlyList<Row> LongestFirst()
        {
            _rows.Sort((a, b) => a.Total == b.Total ? a.Place - b.Place : b.Total.CompareTo(a.Total));
            return _rows;
        }
    }

    private sealed class Row(string name, int place)
    {
        public string Name => name;

        public int Place => place;

        public int Count { get; set; }

        public double Total { get; set; }

        public double Average => Total / Count;

        public int Retries { get; set; }

        public List<string> Words { get; } = [];

        public string Times => Count > 1 ? $" × {Count}" : "";
    }
}
