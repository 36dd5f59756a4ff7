using System.Collections;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>A step that builds projects in the engine of this build, where they have timed nodes of their own in the binlog.</summary>
internal sealed class ProjectStep(StepParameters parameters, IBuildEngine engine, ProjectSettings settings, WorkflowRun? run) : IStepWork
{
    private SecretMasker? _masker;

    /// <inheritdoc/>
    public ITools Tools => new StepTools(settings.ProjectDirectory, ProcessEnvironment.Read(), TimeProvider.System);

    /// <inheritdoc/>
    public StepIdentity Identify(int occurrence) => parameters.Identity(settings, occurrence) with
    {
        Work = StepWork.Projects(
            Projects,
            parameters.Input.Targets ?? [],
            [.. Properties().Select(property => $"{property.Key}={property.Value}").Order(StringComparer.Ordinal)]),
    };

    // Targets alone are those of the project that the step is in.
    private string[] Projects => parameters.Input.Projects ?? [settings.ProjectFile];

    // Those that the user gave to the build reach the projects too; what they say of the run itself makes no difference there.
    private Dictionary<string, string> Properties()
    {
        IReadOnlyDictionary<string, string> globals = ((IBuildEngine6)engine).GetGlobalProperties();
        Dictionary<string, string> properties = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in UserProperties.Of(globals))
        {
            if (!name.StartsWith("Kinetra", StringComparison.OrdinalIgnoreCase))
            {
                properties[name] = globals[name];
            }
        }

        foreach ((string name, string value) in parameters.Properties)
        {
            properties[name] = value;
        }

        return properties;
    }

    /// <inheritdoc/>
    public string Mask(string text)
    {
        _masker ??= ProcessEnvironment.MaskerOf(settings.SecretVariables);
        return _masker.Apply(text);
    }

    /// <summary>Makes an attempt.</summary>
    public AttemptResult Run(Attempt attempt)
    {
        // No process carries it: it says that there was an attempt.
        attempt.Begin($"KINETRA_ATTEMPT_ID={Guid.NewGuid():N}");
        string[] projects = [.. Projects.Select(project => FilePath.Resolve(settings.ProjectDirectory, project).Full)];
        string[] targets = parameters.Input.Targets ?? [];
        BuildEngineResult result = ((IBuildEngine3)engine).BuildProjectFilesInParallel(
            projects,
            targets,
            [.. projects.Select(_ => (IDictionary)GlobalProperties(attempt))],
            new IList<string>[projects.Length],
            new string[projects.Length],
            returnTargetOutputs: false);
        ProcessEnd end = attempt.Cancellation.IsCancellationRequested ? ProcessEnd.Cancelled : ProcessEnd.Exited;
        return new AttemptResult(end, result.Result ? 0 : 1, [], LogFile: null) { Reason = "the build of its projects failed; the errors above say why" };
    }

    // The engine remembers what it built with the same global properties; one that is different each time makes it build again.
    private Dictionary<string, string> GlobalProperties(Attempt attempt) => new(parameters.Properties, StringComparer.OrdinalIgnoreCase)
    {
        ["_KinetraStepAttempt"] = $"{run?.TraceId}/{Path.GetFileNameWithoutExtension(attempt.Log.Display)}",
    };
}
