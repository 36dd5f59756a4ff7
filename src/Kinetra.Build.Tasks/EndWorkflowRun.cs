using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>Ends the run of a workflow and prints its summary. Used by the target <c>Build</c> of the SDK, not meant for projects.</summary>
[MSBuildMultiThreadableTask]
public sealed class EndWorkflowRun : KinetraTask
{
    private WorkflowRun? _run;

    /// <summary>Whether the workflow's targets succeeded.</summary>
    [Required]
    public bool Succeeded { get; set; }

    /// <summary>The report of the run; empty if another project ends it, with <c>KinetraReport=false</c>, and if it could not be written.</summary>
    [Output]
    public string? ReportFile { get; private set; }

    /// <summary>The result of each step of the run that has ended, for a binlog; empty if none is written.</summary>
    [Output]
    public ITaskItem[] StepResults => IsForBinlog ? BinlogRecord.ResultsOf(_run!.Steps) : [];

    /// <summary>The files of the run that a binlog is to have; empty if none is written.</summary>
    [Output]
    public ITaskItem[] BinlogFiles => IsForBinlog ? BinlogRecord.FilesOf(_run!) : [];

    private bool IsForBinlog => _run is { Status: not RunStatus.Running } && BinlogRecord.IsWanted(Log);

    private protected override void Run()
    {
        if (RunSession.Find(BuildEngine, Settings) is not { } session)
        {
            return;
        }

        _run = session.Run;
        if (!session.Leave(Succeeded) || session.Run.Status != RunStatus.Running)
        {
            return;
        }

        RunStatus status = Verdict(session);
        try
        {
            ReportFile = RunSummary.End(session, status, Log, Warning, Settings.ProjectName, session.FirstError ?? "a target failed outside of the steps; the build's output says why.")?.Display;
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.StateUnwritable && session.IsUnwritableTold && !Succeeded)
        {
            // The task that the build fails of has said it.
        }
    }

    // What makes the build fail is an error; what already did is none of ours to repeat.
    private RunStatus Verdict(RunSession session)
    {
        WorkflowRun run = session.Run;
        if (run.Stopping.IsCancellationRequested)
        {
            Error(Interrupted(run));
            return RunStatus.Interrupted;
        }

        if (session.ParticipantFailed)
        {
            return RunStatus.Failed;
        }

        if (run.Steps.FirstOrDefault(step => step is { IsCritical: true, Status: StepStatus.Failed }) is not { } failed)
        {
            return RunStatus.Completed;
        }

        Error(new KinetraException(DiagnosticCodes.WorkflowFailed, $"The workflow {run.Workflow} failed, as its critical step \"{failed.Name}\" did; ContinueOnError only let the rest run. Write Critical=\"false\" for a step that the workflow can do without."));
        return RunStatus.Failed;
    }
}
