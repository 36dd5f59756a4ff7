using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>Ends the run of a workflow and prints its summary. Used by the target <c>Build</c> of the SDK, not meant for projects.</summary>
[MSBuildMultiThreadableTask]
public sealed class EndWorkflowRun : KinetraTask
{
    /// <summary>Whether the workflow's targets succeeded.</summary>
    [Required]
    public bool Succeeded { get; set; }

    private protected override void Run()
    {
        if (RunSession.Find(BuildEngine, Settings) is not { } session)
        {
            return;
        }

        session.HasFailed |= !Succeeded;
        if (!session.Leave() || session.Run.Status != RunStatus.Running)
        {
            return;
        }

        StepRecord? failed = session.Run.Steps.FirstOrDefault(step => step is { IsCritical: true, Status: StepStatus.Failed });
        if (Succeeded && failed is not null)
        {
            Error(new KinetraException(DiagnosticCodes.WorkflowFailed, $"The workflow {session.Run.Workflow} failed, as its critical step \"{failed.Name}\" did; ContinueOnError only let the rest run. Write Critical=\"false\" for a step that the workflow can do without."));
        }

        RunSummary.End(session.Run, Succeeded && failed is null ? RunStatus.Completed : RunStatus.Failed, Log, Settings.ProjectName);
    }
}
