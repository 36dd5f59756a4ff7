using System.Globalization;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>
/// What a binlog is to have of a run: each step's result as an item with metadata, and the files of the run. The engine logs them, as outputs of a task: a task that logs such
/// an event itself is refused, with a warning, where there is more than one node (MSBuild 18.9).
/// </summary>
internal static class BinlogRecord
{
    /// <summary>
    /// Whether somebody listens to messages of low importance: the logger of a binlog, or a console at detailed verbosity. (<c>EngineServices.IsTaskInputLoggingEnabled</c> would be
    /// more exact, but is false with more than one node, whatever logger there is.)
    /// </summary>
    /// <param name="log">The log of a task.</param>
    public static bool IsWanted(TaskLoggingHelper log) => log.LogsMessagesOfImportance(MessageImportance.Low);

    /// <summary>The results of steps.</summary>
    /// <param name="steps">The steps.</param>
    public static ITaskItem[] ResultsOf(IReadOnlyList<StepRecord> steps) => [.. steps.Select(ItemOf)];

    /// <summary>The files of a run that has ended: its state, and its report if there is one.</summary>
    /// <param name="run">The run.</param>
    public static ITaskItem[] FilesOf(WorkflowRun run)
    {
        string[] files = [run.StateFile.Full, run.ReportFile.Full];
        return [.. files.Where(File.Exists).Select(file => new TaskItem(Escaping.Escape(file)))];
    }

    private static TaskItem ItemOf(StepRecord step)
    {
        TaskItem item = StepResultItem.Create(step.Name, step.Status, step.Duration, step.Attempts, step.ExitCode, step.Reason, step.LogFile);
        item.SetMetadata("Critical", step.IsCritical ? "true" : "false");
        StepResultItem.Add(item, "Occurrence", step.Occurrence > 1 ? step.Occurrence.ToString(CultureInfo.InvariantCulture) : null);
        StepResultItem.Add(item, "ResumedFrom", step.ResumedFrom);
        StepResultItem.Add(item, "Error", step.Error);
        return item;
    }
}
