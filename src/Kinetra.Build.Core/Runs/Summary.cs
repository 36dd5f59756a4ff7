using System.Globalization;

namespace Kinetra.Build.Core.Runs;

/// <summary>The seed's "Performance Insights": what each step took, its share of the time in steps, its retries.</summary>
public static class Summary
{
    /// <summary>The summary of a run, line by line. Steps of one name share a line, with their average.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<string> Lines(WorkflowRun run)
    {
        Row[] rows =
        [
            .. run.Steps
                .GroupBy(step => step.Name)
                .Select(group => new Row(group.Key, [.. group]))
                .OrderByDescending(row => row.Total),
        ];
        List<string> lines = [$"Workflow {run.Workflow} ({run.Id}): {StateFile.Word(run.Status)}"];
        if (rows.Length > 0)
        {
            double all = rows.Sum(row => row.Total);
            int width = Math.Min(rows.Max(row => row.Name.Length), 40);
            lines.Add("Performance Insights:");
            lines.AddRange(rows.SelectMany(row => row.Operations(width).Prepend("  " + row.Format(width, all))));
        }

        if (run.ContinuesId is { } continued)
        {
            int earlier = run.Steps.Count(step => step.ResumedFrom is not null);
            lines.Add($"Steps: {run.Steps.Count - earlier} run now, {earlier} completed before (this run continues {continued}).");
        }

        if (run.Error is not null)
        {
            lines.Add($"Reason: {run.Error}");
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"Total Duration: {run.Duration?.TotalSeconds ?? 0:0.00}s"));
        return lines;
    }

    private sealed record Row(string Name, IReadOnlyList<StepRecord> Steps)
    {
        public double Total { get; } = Steps.Sum(step => step.Duration?.TotalSeconds ?? 0);

        private static string Word(StepRecord step) => StateFile.Word(step.Status) + (step.ResumedFrom is null ? "" : " before");

        // Operations of one name share a line, as steps do.
        public IEnumerable<string> Operations(int width) =>
            from operation in Steps.SelectMany(step => step.Operations)
            group operation.Duration.TotalSeconds by operation.Name into same
            let total = same.Sum()
            orderby total descending
            let times = same.Count() > 1 ? $" × {same.Count()}" : ""
            select string.Create(CultureInfo.InvariantCulture, $"    {same.Key.PadRight(Math.Max(width - 2, 0))}  {total / same.Count(),8:0.00}s avg  {total,8:0.00}s total{times}");

        public string Format(int width, double all)
        {
            double average = Total / Steps.Count;
            double share = all > 0 ? 100 * Total / all : 0;
            int retries = Steps.Sum(step => step.Retries);
            string times = Steps.Count > 1 ? $" × {Steps.Count}" : "";
            string words = string.Join(", ", Steps.Select(Word).Distinct());
            return string.Create(CultureInfo.InvariantCulture, $"{Name.PadRight(width)}  {average,8:0.00}s avg  {Total,8:0.00}s total  ({share,5:0.0}%)  {retries} {(retries == 1 ? "retry" : "retries")}  {words}{times}");
        }
    }
}
