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
        if (run.Previous is { Status: RunStatus.Failed or RunStatus.Interrupted } previous)
        {
            string ended = previous.Status == RunStatus.Failed ? "failed" : "was interrupted";
            Say($"The last run of {run.Workflow} ({previous.Id}) {ended}; this one starts from the beginning.");
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
