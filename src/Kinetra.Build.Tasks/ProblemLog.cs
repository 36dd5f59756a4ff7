using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>Makes the problems in a step's output real warnings and errors of the build, and lines of the run log.</summary>
internal static class ProblemLog
{
    /// <summary>Logs a problem as what it is.</summary>
    /// <param name="problem">The problem; its code is the step's own, not one of ours.</param>
    /// <param name="log">The build's log.</param>
    /// <param name="run">The run, for its log.</param>
    /// <param name="show">Has something done where the engine may be told.</param>
    public static void Write(Problem problem, TaskLoggingHelper log, WorkflowRun run, Action<Action> show)
    {
        ProblemPlace place = problem.Place;
        switch (problem.Kind)
        {
            case ProblemKind.Error:
                show(() => log.LogError(null, problem.Code, null, null, problem.File, place.Line, place.Column, place.EndLine, place.EndColumn, "{0}", problem.Text));
                run.Log.Write(LogLevel.Error, problem.ToString());
                break;
            case ProblemKind.Warning:
                show(() => log.LogWarning(null, problem.Code, null, null, problem.File, place.Line, place.Column, place.EndLine, place.EndColumn, "{0}", problem.Text));
                run.Log.Write(LogLevel.Warning, problem.ToString());
                break;
            default:
                show(() => log.LogMessage(MessageImportance.Normal, "{0}", problem));
                run.Log.Write(LogLevel.Info, problem.ToString());
                break;
        }
    }
}
