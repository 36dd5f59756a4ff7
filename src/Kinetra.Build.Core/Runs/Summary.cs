using System.Globalization;

namespace Kinetra.Build.Core.Runs;

/// <summary>The seed's "Performance Insights": what each step took, its share of the time in steps, its retries.</summary>
public static class Summary
{
    private const int MaximumWidth = 40;

    // More lines are not read; the state has every step. In a summary that would have more, only what was run has a line.
    private const int MaximumRows = 30;
    private const int MaximumPath = 8;

    // Differences that are worth a word.
    private static readonly TimeSpan NotableWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan NotableDifference = TimeSpan.FromSeconds(1);

    /// <summary>The summary of a run, line by line. Steps of one name share a line, with their average.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<string> Lines(WorkflowRun run) =>
        Lines(new Facts(run.Workflow, run.Id, run.Status, run.Steps, run.Timing, run.ContinuesId, run.Error, run.Duration));

    /// <summary>The summary of a run that was recorded.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<string> Lines(ArchivedRun run) =>
        Lines(new Facts(run.Workflow, run.Id, run.Status, run.Steps, run.Timing, run.ContinuesId, run.Error, run.Duration));

    private static List<string> Lines(Facts run)
    {
        IReadOnlyList<StepRecord> steps = run.Steps;
        List<string> lines = [$"Workflow {run.Workflow} ({run.Id}): {run.Status.Word()}"];
        if (steps.Count > 0)
        {
            AddInsights(lines, steps);
        }

        if (run.Timing is { } timing)
        {
            AddTiming(lines, run, timing);
        }

        if (run.ContinuesId is { } continued)
        {
            int earlier = steps.Count(step => step.ResumedFrom is not null);
            int skipped = steps.Count(step => step.Status == StepStatus.Skipped);
            lines.Add($"Steps: {steps.Count(step => step.WasRun)} run now, {earlier} completed before{(skipped > 0 ? $", {skipped} skipped" : "")} (this run continues {continued}).");
        }

        if (run.Error is not null)
        {
            lines.Add($"Reason: {run.Error}");
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"Total Duration: {run.Duration?.TotalSeconds ?? 0:0.00}s"));
        return lines;
    }

    private static void AddTiming(List<string> lines, Facts run, GraphTiming timing)
    {
        double total = run.Duration?.TotalSeconds ?? 0;
        if (timing.CriticalPath.Count > 1)
        {
            int left = timing.CriticalPath.Count - MaximumPath;
            string path = left <= 0
                ? string.Join(" → ", timing.CriticalPath)
                : $"{string.Join(" → ", timing.CriticalPath.Take(MaximumPath / 2))} → … ({left} more) → {string.Join(" → ", timing.CriticalPath.Skip(left + (MaximumPath / 2)))}";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Critical path: {path} ({timing.PathDuration.TotalSeconds:0.00}s of {total:0.00}s)"));
        }

        double saved = timing.Work.TotalSeconds - total;
        if (saved >= 0.01 && run.Status == RunStatus.Completed)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Running in parallel saved {saved:0.00}s: {timing.Work.TotalSeconds:0.00}s of steps in {total:0.00}s."));
        }
    }

    private static void AddInsights(List<string> lines, IReadOnlyList<StepRecord> steps)
    {
        Rows rows = new();
        Dictionary<string, Rows> operations = [];
        foreach (StepRecord step in steps)
        {
            Row row = rows.Add(step.Name, step.Duration?.TotalSeconds ?? 0);
            row.Retries += step.Retries;
            row.HasFailed |= step.Status is StepStatus.Failed or StepStatus.Interrupted;
            row.WasRun |= step.WasRun;
            row.First ??= step;
            row.AddWord(step.Status.Word() + (step.ResumedFrom is null || step.Status == StepStatus.Cached ? "" : " before"));

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
        int shown = 0;
        int leftOut = 0;
        int notRun = 0;
        foreach (Row row in rows.LongestFirst())
        {
            if (rows.Count > MaximumRows && !row.WasRun)
            {
                notRun++;
                continue;
            }

            if (shown >= MaximumRows && !row.HasFailed)
            {
                leftOut++;
                continue;
            }

            shown++;
            double share = rows.Total > 0 ? 100 * row.Total / rows.Total : 0;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {row.Name.PadRight(width)}  {row.Average,8:0.00}s avg  {row.Total,8:0.00}s total  ({share,5:0.0}%)  {row.Retries} {(row.Retries == 1 ? "retry" : "retries")}  {row.Words}{row.Times}{(row.Count == 1 ? Details(row.First!) : "")}"));
            if (operations.TryGetValue(row.Name, out Rows? inside))
            {
                lines.AddRange(inside.LongestFirst().Select(operation => string.Create(CultureInfo.InvariantCulture, $"    {operation.Name.PadRight(Math.Max(width - 2, 0))}  {operation.Average,8:0.00}s avg  {operation.Total,8:0.00}s total{operation.Times}")));
            }
        }

        if (leftOut > 0)
        {
            lines.Add($"  and {leftOut} more, which took less; the state file has them all.");
        }

        if (notRun > 0)
        {
            lines.Add($"  {(shown > 0 ? "and " : "")}{notRun} that {(notRun == 1 ? "was" : "were")} not run in this run; the state file has them all.");
        }
    }

    private static string Details(StepRecord step)
    {
        if (!step.WasRun)
        {
            return "";
        }

        string details = "";
        if (step.Cpu is { } cpu)
        {
            details += string.Create(CultureInfo.InvariantCulture, $" · CPU {cpu.TotalSeconds:0.00}s");
        }

        if (step.PeakMemory is { } memory)
        {
            details += $" · {ByteSize.Format(memory)}";
        }

        if (step.Waited > NotableWait)
        {
            details += string.Create(CultureInfo.InvariantCulture, $" · waited {step.Waited.Value.TotalSeconds:0.00}s");
        }

        if (step is { UsualDuration: { } usual, Duration: { } duration, Status: StepStatus.Completed } && (duration - usual).Duration() > NotableDifference && (duration - usual).Duration() > usual / 5)
        {
            details += string.Create(CultureInfo.InvariantCulture, $" · usually {usual.TotalSeconds:0.00}s");
        }

        return details;
    }

    private sealed record Facts(string Workflow, string Id, RunStatus Status, IReadOnlyList<StepRecord> Steps, GraphTiming? Timing, string? ContinuesId, string? Error, TimeSpan? Duration);

    // Loops where LINQ would do: its code for numbers would have to be compiled at the end of every build.
    private sealed class Rows
    {
        private readonly Dictionary<string, Row> _byName = [];
        private readonly List<Row> _rows = [];

        public double Total { get; private set; }

        public int Width { get; private set; }

        public int Count => _rows.Count;

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

        public bool HasFailed { get; set; }

        public bool WasRun { get; set; }

        public StepRecord? First { get; set; }

        public string Words { get; private set; } = "";

        public string Times => Count > 1 ? $" × {Count}" : "";

        public void AddWord(string word)
        {
            if (Words.Length == 0)
            {
                Words = word;
            }
            else if (Words != word && !Words.Split(", ").Contains(word))
            {
                Words += ", " + word;
            }
        }
    }
}
