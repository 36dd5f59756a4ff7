using System.Collections;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>A step that builds projects in the engine of this build, where they have timed nodes of their own in the binlog.</summary>
internal sealed class ProjectStep(StepParameters parameters, IBuildEngine engine, ProjectSettings settings, string runId)
{
    /// <summary>Makes an attempt.</summary>
    public AttemptResult Run(Attempt attempt)
    {
        RunStepWithRetry task = parameters.Task;
        string[] projects = [.. task.Projects!.Select(item => FilePath.Resolve(settings.ProjectDirectory, item.ItemSpec).Full)];
        string[] targets = task.Targets ?? [];
        BuildEngineResult result = ((IBuildEngine3)engine).BuildProjectFilesInParallel(
            projects,
            targets,
            [.. projects.Select(_ => (IDictionary)GlobalProperties(attempt))],
            new IList<string>[projects.Length],
            new string[projects.Length],
            returnTargetOutputs: false);
        ProcessEnd end = attempt.Cancellation.IsCancellationRequested ? ProcessEnd.Cancelled : ProcessEnd.Exited;
        return new AttemptResult(end, result.Result ? 0 : 1, [], LogFile: null);
    }

    // The engine remembers what it built with the same global properties; one that is different each time makes it build again.
    private Dictionary<string, string> GlobalProperties(Attempt attempt) => new(parameters.Properties, StringComparer.OrdinalIgnoreCase)
    {
        ["_KinetraStepAttempt"] = $"{runId}/{Path.GetFileNameWithoutExtension(attempt.Log.Display)}",
    };
}
