using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Kinetra.Build.Tool.Live;

/// <summary>What the screen shows of a run at a moment: how far it is, what ended last, what runs, and the end of the chosen step's output.</summary>
/// <param name="width">Columns.</param>
/// <param name="height">Rows.</param>
internal sealed class RunFrame(int width, int height)
{
    private const int MostEnded = 4;
    private const int SmallHeight = 14;
    private const int BarWidth = 20;
    private const int MostOfName = 28;
    private const int LeastOfName = 12;
    private const int MostBytesOfLine = 512;

    private static readonly Style Dim = new(decoration: Decoration.Dim);

    private readonly List<Paragraph> _lines = [];

    /// <summary>The frame.</summary>
    /// <param name="run">The run.</param>
    /// <param name="chosen">The step whose output is shown; null for none.</param>
    /// <param name="hint">The last line; null for none.</param>
    public IRenderable Of(ArchivedRun run, StepRecord? chosen, string? hint)
    {
        _lines.Clear();
        Add((StatusView.Title(RunFacts.WithoutSteps(run)), StatusStyle.Of(run.Status, run.IsKilled)));
        AddProgress(run);
        Add();

        StepRecord[] running = [.. run.Steps.Where(step => step.Status == StepStatus.Running)];
        StepRecord[] ended = [.. run.Steps.Where(step => step.Status != StepStatus.Running).OrderBy(step => step.StartTime + (step.Duration ?? TimeSpan.Zero))];
        int leastTail = height < SmallHeight ? 1 : 3;
        int rows = height - _lines.Count - leastTail - 1 - (hint is null ? 0 : 1);
        int forRunning = Math.Min(running.Length, Math.Max(rows - Math.Min(ended.Length, MostEnded), 1));
        foreach (StepRecord step in ended.TakeLast(Math.Clamp(rows - forRunning, 0, MostEnded)))
        {
            AddEnded(step);
        }

        // The chosen one is always among those that are shown.
        int shown = running.Length > forRunning && forRunning > 1 ? forRunning - 1 : forRunning;
        int first = chosen is null ? 0 : Math.Clamp(Array.FindIndex(running, step => step.Number == chosen.Number) - shown + 1, 0, running.Length - shown);
        foreach (StepRecord step in running.Skip(first).Take(shown))
        {
            AddRunning(step, isChosen: step.Number == chosen?.Number);
        }

        if (shown < forRunning)
        {
            Add(($"  and {running.Length - shown} more steps that run", Dim));
        }

        AddTail(run, chosen, height - _lines.Count - 1 - (hint is null ? 0 : 1));
        if (hint is not null)
        {
            Add((hint, Dim));
        }

        return new Rows(_lines);
    }

    private void AddProgress(ArchivedRun run)
    {
        if (run.Estimate is { } estimate)
        {
            double share = estimate.PercentOfWork is { } percent ? percent / 100.0 : estimate.Total > 0 ? (double)estimate.Done / estimate.Total : 0;
            Add((Bar(share), new Style(Color.Blue)), (" " + TimeText.Of(estimate), null));
            return;
        }

        int done = run.Steps.Count(step => step.Status != StepStatus.Running);
        Add(($"{done} {(done == 1 ? "step has" : "steps have")} ended.", Style.Plain));
    }

    private void AddEnded(StepRecord step)
    {
        StepFacts facts = StepFacts.Of(step);
        string note = StatusView.Note(facts);
        string attempts = step.AttemptsBegun > 1 ? $" (attempt {step.AttemptsBegun})" : "";
        string time = StatusView.Time(facts);
        Add(
            ($"  {StatusStyle.Sign(step.Status)} ", StatusStyle.Of(step.Status)),
            (StatusView.Name(step), null),
            ($"{(time.Length > 0 ? " " + time : "")}{attempts}{(note.Length > 0 ? ": " + note : "")}", Dim));
    }

    private void AddRunning(StepRecord step, bool isChosen)
    {
        TimeSpan elapsed = StatusView.Since(step.StartTime);
        int columns = Math.Min(MostOfName, Math.Max(LeastOfName, width / 3));
        string name = SafeText.CutCells(SafeText.Line(StatusView.Name(step)), columns);
        name += new string(' ', columns - SafeText.Cells(name));
        (string bar, string known) = step switch
        {
            { Progress: { } percent } => (Bar(percent / 100.0), $"{percent,3} %"),
            { UsualDuration: { TotalSeconds: > 0 } usual } => (Bar(Math.Min(elapsed / usual, 0.99)), $"of about {Duration.Format(usual)}"),
            _ => (Moving(elapsed), ""),
        };
        string attempt = step.AttemptsBegun > 1 ? $" attempt {step.AttemptsBegun}" : "";
        string text = step.Progress is not null ? $"{known} {Duration.Format(elapsed)}" : $"{Duration.Format(elapsed)} {known}";
        Add(
            (isChosen ? "> ▸ " : "  ▸ ", StatusStyle.Of(StepStatus.Running)),
            (name, isChosen ? new Style(decoration: Decoration.Bold) : Style.Plain),
            (" " + bar + " ", new Style(Color.Blue)),
            ((text + attempt).Trim(), null));
    }

    private void AddTail(ArchivedRun run, StepRecord? chosen, int rows)
    {
        if (chosen is null)
        {
            return;
        }

        FilePath? file = chosen.AttemptsBegun > 0 ? run.OutputOf(chosen, chosen.AttemptsBegun) : null;
        string title = $"── {SafeText.Cut(StatusView.Name(chosen), MostOfName)}{(chosen.AttemptsBegun > 0 ? string.Create(CultureInfo.InvariantCulture, $", attempt {chosen.AttemptsBegun}") : "")}{(file is { } path ? $": {PathDisplay.Of(path.Full)}" : "")} ";
        Add((title.PadRight(width - 1, '─'), Dim));
        if (rows > 0 && file is { } log && LogTail.Read(log, rows, rows * MostBytesOfLine) is { Length: > 0 } tail)
        {
            foreach (string line in tail.Split('\n'))
            {
                Add((Shown(line), null));
            }
        }
    }

    // Of a line that was written over, the last writing.
    private static string Shown(string line)
    {
        line = line.TrimEnd('\r');
        return SafeText.Line(line[(line.LastIndexOf('\r') + 1)..]);
    }

    private static string Bar(double share)
    {
        int full = Math.Clamp((int)(share * BarWidth), 0, BarWidth);
        return new string('━', full) + new string('─', BarWidth - full);
    }

    // How far it is nobody knows: a piece that goes to and fro says that it goes on.
    private static string Moving(TimeSpan elapsed)
    {
        const int Piece = 4;
        int way = BarWidth - Piece;
        int place = (int)(elapsed.TotalSeconds * 5) % (2 * way);
        place = place > way ? (2 * way) - place : Math.Max(place, 0);
        return new string('─', place) + new string('━', Piece) + new string('─', way - place);
    }

    private void Add(params (string Text, Style? Style)[] parts) => _lines.Add(Line(parts));

    // Never wider than the screen, as a line that is broken would move everything.
    private Paragraph Line(params (string Text, Style? Style)[] parts)
    {
        Paragraph line = new();
        int left = width - 1;
        foreach ((string text, Style? style) in parts)
        {
            string shown = SafeText.CutCells(SafeText.Line(text), left);
            line.Append(shown, style);
            left -= SafeText.Cells(shown);
            if (left <= 0)
            {
                break;
            }
        }

        if (parts.Length == 0)
        {
            line.Append(" ");
        }

        return line;
    }
}
