using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tasks;

/// <summary>What the steps of a task have around them, found out once for all of them.</summary>
/// <param name="Settings">The project's settings.</param>
/// <param name="Run">The run; null if it is only planned, so that nothing is written.</param>
/// <param name="Watchdog">Ends the steps if the build dies; null if none is run.</param>
/// <param name="Integrity">Verifies environment files; null if they are only looked at.</param>
internal sealed record StepSurroundings(ProjectSettings Settings, WorkflowRun? Run, Watchdog? Watchdog, IntegrityCheck? Integrity)
{
    /// <summary>The environment of the build.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; } = ProcessEnvironment.Read();

    /// <summary>Names of variables whose values are masked for every step.</summary>
    public IReadOnlyList<string> SecretVariables { get; } = Settings.SecretVariables;

    /// <summary>From telling a step to stop until it is killed.</summary>
    public TimeSpan GracePeriod { get; } = Settings.GracePeriod;

    /// <summary>Gets what happened, for whoever looks closer.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Gets what is needed to understand a problem.</summary>
    public Action<string> Debug { get; init; } = _ => { };
}
