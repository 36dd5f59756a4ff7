using Kinetra.Build.Core;
using Kinetra.Build.Core.Graphs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>Begins the run of a workflow. Used by the target <c>Build</c> of the SDK, not meant for projects.</summary>
[MSBuildMultiThreadableTask]
public sealed class BeginWorkflowRun : KinetraTask, IIncrementalTask
{
    private bool _isQuestion;

    /// <summary>Whether the run begins from the start, whatever <c>KinetraResume</c> says, and without the cache. Default false.</summary>
    public bool FromStart { get; set; }

    /// <summary>The steps of the graph, checked before anything runs. Default: none.</summary>
    public ITaskItem[] Steps { get; set; } = [];

    /// <summary>The pools of the graph. Default: none.</summary>
    public ITaskItem[] Pools { get; set; } = [];

    // What the engine asks with -question: no run begins, as none may be needed.
    bool IIncrementalTask.FailIfNotIncremental { set => _isQuestion = value; }

    private protected override void Run()
    {
        if (Steps.Length > 0)
        {
            GraphInput.Read(Steps, Pools, Settings, Error).Graph.Select(Settings.Selection);
        }
        else
        {
            RefuseSelection(Settings.Selection);
        }

        if (_isQuestion)
        {
            if (FromStart)
            {
                throw new KinetraException(DiagnosticCodes.NotUpToDate, "Rebuild runs everything, so for it nothing is up to date. Ask without -t:Rebuild.");
            }

            return;
        }

        RunSession session = RunSession.Join(BuildEngine, Settings, FromStart, out bool begun);
        if (begun)
        {
            ReportBeginning(session, FromStart);
        }
    }

    private static void RefuseSelection(Selection selection)
    {
        (string Property, IReadOnlyList<string> Names)[] given =
        [
            ("KinetraOnly", selection.Only), ("KinetraSkip", selection.Skip), ("KinetraFrom", selection.From), ("KinetraUntil", selection.Until),
        ];
        foreach ((string property, IReadOnlyList<string> names) in given)
        {
            if (names.Count > 0)
            {
                throw new KinetraException(DiagnosticCodes.UnknownSelection, $"{property}: there is no step \"{names[0]}\", as the project has no KinetraStep items. To run single targets, write -t:Name, or set KinetraTargets.");
            }
        }
    }
}
