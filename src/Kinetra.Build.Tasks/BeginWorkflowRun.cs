using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>Begins the run of a workflow. Used by the target <c>Build</c> of the SDK, not meant for projects.</summary>
[MSBuildMultiThreadableTask]
public sealed class BeginWorkflowRun : KinetraTask
{
    /// <summary>Whether the run begins from the start, whatever <c>KinetraResume</c> says. Default false.</summary>
    public bool FromStart { get; set; }

    private protected override void Run()
    {
        RunSession session = RunSession.Join(BuildEngine, Settings, FromStart, out bool begun);
        if (begun)
        {
            ReportBeginning(session, FromStart);
        }
    }
}
