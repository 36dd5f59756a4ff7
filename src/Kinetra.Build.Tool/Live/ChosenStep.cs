using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Live;

/// <summary>Which step's output is shown: the one that the user chose, otherwise one that determines the end of the run, otherwise the first that runs.</summary>
/// <param name="name">The step that the user asked for; null for none.</param>
internal sealed class ChosenStep(string? name)
{
    private int? _number;

    /// <summary>The step; null if none runs and none was asked for.</summary>
    public StepRecord? In(ArchivedRun run)
    {
        // One that was asked for may not have begun yet, and is still shown when it has ended.
        if (name is not null)
        {
            return run.Steps.LastOrDefault(step => StatusView.Name(step) == name || step.Name == name);
        }

        StepRecord[] running = [.. run.Steps.Where(step => step.Status == StepStatus.Running)];
        return running.FirstOrDefault(step => step.Number == _number)
            ?? run.Estimate?.CriticalPath.Select(critical => running.FirstOrDefault(step => step.Name == critical)).FirstOrDefault(step => step is not null)
            ?? running.FirstOrDefault()
            ?? run.Steps.MaxBy(step => step.StartTime + (step.Duration ?? TimeSpan.Zero));
    }

    /// <summary>Chooses another one of those that run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="by">How many further on, or back.</param>
    public void Move(ArchivedRun run, int by)
    {
        StepRecord[] running = [.. run.Steps.Where(step => step.Status == StepStatus.Running)];
        if (running.Length > 0)
        {
            int now = Array.FindIndex(running, step => step.Number == In(run)?.Number);
            _number = running[((now + by) % running.Length + running.Length) % running.Length].Number;
            name = null;
        }
    }
}
