using System.Globalization;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>The result of a step as an item: in <c>Results</c> of <see cref="RunWorkflow"/>, and in a binlog.</summary>
internal static class StepResultItem
{
    /// <summary>The item.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="duration">How long it took; null if it was not run.</param>
    /// <param name="attempts">How many attempts were made.</param>
    /// <param name="exitCode">The last exit code; null if no program ran to its end.</param>
    /// <param name="reason">Why it was run, or was not.</param>
    /// <param name="logFile">The output of its last attempt.</param>
    public static TaskItem Create(string name, StepStatus status, TimeSpan? duration, int attempts, int? exitCode, string? reason, string? logFile)
    {
        TaskItem item = new(Escaping.Escape(name));
        item.SetMetadata("Status", status.Word());
        item.SetMetadata("Duration", string.Create(CultureInfo.InvariantCulture, $"{duration?.TotalSeconds ?? 0:0.000}s"));
        item.SetMetadata("Attempts", attempts.ToString(CultureInfo.InvariantCulture));
        Add(item, "ExitCode", exitCode?.ToString(CultureInfo.InvariantCulture));
        Add(item, "Reason", reason);
        Add(item, "LogFile", logFile);
        return item;
    }

    /// <summary>Adds metadata, if there is something to say: none reads as empty.</summary>
    /// <param name="item">The item.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, as it is.</param>
    public static void Add(TaskItem item, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            item.SetMetadata(name, Escaping.Escape(value));
        }
    }
}
