using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>Begins the run of a workflow. Used by the target <c>Build</c> of the SDK, not meant for projects.</summary>
[MSBuildMultiThreadableTask]
public sealed class BeginWorkflowRun : KinetraTask
{
    private protected override void Run()
    {
        WorkflowRun run = RunSession.Join(BuildEngine, Settings, out bool begun).Run;
        if (!begun)
        {
            return;
        }

        Note($"Workflow {run.Workflow}, run {run.Id}. Log: {run.Log.File}. State: {run.StateFile}.");
        string? ended = run.Previous?.Status switch
        {
            RunStatus.Failed => "failed",
            RunStatus.Interrupted => "was interrupted",
            RunStatus.Running => "has not ended: its build was killed, or is still running",
            _ => null,
        };
        if (ended is not null)
        {
            Say($"The last run of {run.Workflow} ({run.Previous!.Id}) {ended}; this one starts from the beginning.");
        }

        RemoveOldLogs(run);
    }

    private void RemoveOldLogs(WorkflowRun run)
    {
        try
        {
            if (run.RemoveOldLogs() is { Count: > 0 } removed)
            {
                Debug($"Logs of {removed.Count} old runs removed (KinetraLogKeep).");
            }
        }
        catch (KinetraException warning) when (warning.Code is DiagnosticCodes.LogNotRemoved)
        {
            Warning(warning);
        }
    }
}
