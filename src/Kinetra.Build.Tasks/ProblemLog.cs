using Kinetra.Build.Core.Publishing;
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
    /// <param name="task">The task, for the build's log.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="run">The run, for its log.</param>
    /// <param name="show">Has something done where the engine may be told.</param>
    public static void Write(Problem problem, Microsoft.Build.Utilities.Task task, ProjectSettings settings, WorkflowRun run, Action<Action> show)
    {
        ProblemPlace place = problem.Place;
        TaskLoggingHelper log = task.Log;
        switch (problem.Kind)
        {
            case ProblemKind.Error:
                show(() =>
                {
                    log.LogError(null, problem.Code, null, null, problem.File, place.Line, place.Column, place.EndLine, place.EndColumn, "{0}", problem.Text);
                    CiAnnotations.Write(AnnotationOf(problem), settings, task.BuildEngine, log);
                });
                run.Log.Write(LogLevel.Error, problem.ToString());
                break;
            case ProblemKind.Warning:
                show(() =>
                {
                    log.LogWarning(null, problem.Code, null, null, problem.File, place.Line, place.Column, place.EndLine, place.EndColumn, "{0}", problem.Text);
                    CiAnnotations.Write(AnnotationOf(problem), settings, task.BuildEngine, log);
                });
                run.Log.Write(LogLevel.Warning, problem.ToString());
                break;
            default:
                show(() => log.LogMessage(MessageImportance.Normal, "{0}", problem));
                run.Log.Write(LogLevel.Info, problem.ToString());
                break;
        }
    }

    private static Annotation AnnotationOf(Problem problem) => new(problem.Kind == ProblemKind.Error, problem.Text)
    {
        Code = problem.Code,
        File = problem.File,
        Place = (problem.Place.Line, problem.Place.Column, problem.Place.EndLine, problem.Place.EndColumn),
    };
}
