using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Spectre.Console;

namespace Kinetra.Build.Tool.Runs;

/// <summary>A run on a page: how it stands, its steps, what failed and what to do.</summary>
internal static class StatusView
{
    // More are not read; those that matter come first.
    private const int MaximumSteps = 40;

    /// <summary>Prints a run that is recorded.</summary>
    /// <param name="run">The run.</param>
    /// <param name="all">Whether to list all steps, however many.</param>
    public static void Print(ArchivedRun run, bool all) => Print(RunFacts.Of(run), all);

    /// <summary>Prints a run.</summary>
    /// <param name="run">What is known of it.</param>
    /// <param name="all">Whether to list all steps, however many.</param>
    public static void Print(RunFacts run, bool all)
    {
        Screen.Line(Head(run), StatusStyle.Of(run.Status, run.IsKilled));
        foreach (string line in Facts(run))
        {
            Screen.Line("  " + line);
        }

        Print(run.Steps, all);
        foreach (StepFacts step in run.Steps.Where(step => step.Error is not null && step.Status is StepStatus.Failed or StepStatus.Interrupted))
        {
            Screen.Line("");
            Screen.Line(step.Error!, step.IsCritical ? new Style(Color.Red) : new Style(Color.Yellow));
        }

        if (run.ResumeHint is { } hint)
        {
            Screen.Line("");
            Screen.Line(hint);
        }
    }

    /// <summary><c>master · run 20261123_061538 · failed after 2.3 s</c>.</summary>
    public static string Title(RunFacts run)
    {
        string time = run.Duration is { } duration ? $" after {Duration.Format(duration)}" : run.IsAlive ? $" for {Duration.Format(Since(run.StartTime))}" : "";
        return $"{run.Workflow} · run {run.Id} · {StatusStyle.Word(run.Status, run.IsKilled)}{time}";
    }

    /// <summary>The title, and when the run began.</summary>
    public static string Head(RunFacts run) =>
        $"{Title(run)} · began {run.StartTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, {Ago(Since(run.StartTime))}";

    /// <summary>How long ago something began, in words.</summary>
    public static string Ago(TimeSpan time) => time.TotalSeconds switch
    {
        < 0 => "in the future: the clock was set back",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s ago"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min ago"),
        < 86400 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d ago"),
    };

    /// <summary>What stands behind a step's name: why it ran or did not, or how it failed, in a few words.</summary>
    public static string Note(StepFacts step)
    {
        List<string> notes = [];
        if (step.ResumedFrom is { } from && step.Status == StepStatus.Completed)
        {
            notes.Add($"completed in run {from}");
        }
        else if (step.Status is StepStatus.Skipped or StepStatus.Cached && step.Reason is { } reason)
        {
            notes.Add(reason);
        }

        if (step.Status == StepStatus.Running && step.Progress is { } percent)
        {
            notes.Add($"{percent} %");
        }

        if (step.ExitCode is { } code and not 0)
        {
            notes.Add($"exit code {code}");
        }

        if (!step.IsCritical && step.Status == StepStatus.Failed)
        {
            notes.Add("not critical");
        }

        if (step is { Status: StepStatus.Running, UsualDuration: { } usual })
        {
            notes.Add($"usually {Duration.Format(usual)}");
        }

        if (step.Waited is { TotalMilliseconds: > 100 } waited)
        {
            notes.Add($"waited {Duration.Format(waited)}");
        }

        return string.Join(", ", notes);
    }

    /// <summary>The name of a step, with its number if it recurs.</summary>
    public static string Name(StepRecord step) => StepFacts.NameOf(step.Name, step.Occurrence);

    /// <summary>How long a step took, or runs.</summary>
    public static string Time(StepFacts step) =>
        step.Status is StepStatus.Skipped or StepStatus.Cached ? "" : Duration.Format(step.Duration ?? Since(step.StartTime));

    /// <summary>The time since then, by the clock on the wall; not less than 0 unless that was set back by more than a second.</summary>
    public static TimeSpan Since(DateTimeOffset start)
    {
        TimeSpan since = TimeProvider.System.GetUtcNow() - start;
        return since < TimeSpan.Zero && since > TimeSpan.FromSeconds(-1) ? TimeSpan.Zero : since;
    }

    private static IEnumerable<string> Facts(RunFacts run)
    {
        if (run.ContinuesId is { } continued)
        {
            yield return $"Continues run {continued}.";
        }

        if (run.Estimate is { } estimate)
        {
            yield return TimeText.Of(estimate);
        }

        if (run.Timing is { CriticalPath.Count: > 1 } timing)
        {
            yield return $"Critical path: {string.Join(" → ", timing.CriticalPath.Take(8))}{(timing.CriticalPath.Count > 8 ? " → …" : "")} ({Duration.Format(timing.PathDuration)})";
        }

        if (run.Error is { } error)
        {
            yield return $"Reason: {error}";
        }

        if (run.IsKilled)
        {
            yield return $"Process {run.KilledProcess}, which ran it, is gone: the build was killed. The next run records that.";
        }

        if (run.LogFile is { } log)
        {
            yield return $"Log: {log}";
        }

        if (run.ReportFile is { } report)
        {
            yield return $"Report: {report}";
        }
    }

    private static void Print(IReadOnlyList<StepFacts> steps, bool all)
    {
        if (steps.Count == 0)
        {
            Screen.Line("  No step has begun.");
            return;
        }

        IReadOnlyList<StepFacts> shown = all || steps.Count <= MaximumSteps ? steps : Important(steps);
        Table table = Screen.Table("", "step", "status", "time>", "attempts>", "");
        foreach (StepFacts step in shown)
        {
            Style style = StatusStyle.Of(step.Status);
            table.AddRow(
                Screen.Cell(StatusStyle.Sign(step.Status), style),
                Screen.Cell(step.Name),
                Screen.Cell(step.Status.Word(), style),
                Screen.Cell(Time(step)),
                Screen.Cell(step.Attempts > 0 ? step.Attempts.ToString(CultureInfo.InvariantCulture) : ""),
                Screen.Cell(Note(step)));
        }

        Screen.Line("");
        Screen.Out.Write(table);
        string counts = string.Join(", ", steps.GroupBy(step => step.Status).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.Word()}"));
        string left = shown.Count < steps.Count ? $" The {steps.Count - shown.Count} not listed took less time; --all lists them." : "";
        Screen.Line($"{steps.Count} {(steps.Count == 1 ? "step" : "steps")}: {counts}.{left}");
    }

    // What failed or runs, then what took longest; in the order in which they began.
    private static StepFacts[] Important(IReadOnlyList<StepFacts> steps) =>
    [
        .. steps.Index().OrderBy(item => item.Item.Status is StepStatus.Failed or StepStatus.Interrupted ? 0 : item.Item.Status == StepStatus.Running ? 1 : 2)
            .ThenByDescending(item => item.Item.ResumedFrom is null ? item.Item.Duration ?? TimeSpan.Zero : TimeSpan.Zero)
            .Take(MaximumSteps)
            .OrderBy(item => item.Index)
            .Select(item => item.Item),
    ];
}
