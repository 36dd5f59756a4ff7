using System.Collections;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>A step that builds projects in the engine of this build, where they have timed nodes of their own in the binlog.</summary>
/// <param name="parameters">The step.</param>
/// <param name="engine">The engine, as the task knows it.</param>
/// <param name="settings">The project's settings.</param>
/// <param name="run">The run; null if the step is only looked at.</param>
/// <param name="meanwhile">Is called every now and then while the engine builds, on the same thread; null for nothing.</param>
internal sealed class ProjectStep(StepParameters parameters, IBuildEngine engine, ProjectSettings settings, WorkflowRun? run, Action? meanwhile = null) : IStepWork
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
        FilePath[] projects = [.. Projects.Select(project => FilePath.Resolve(settings.ProjectDirectory, project))];
        int missing = Array.FindIndex(projects, project => !File.Exists(project.Full));
        if (missing >= 0)
        {
            throw new KinetraException(DiagnosticCodes.NothingToBuild, $"The project {projects[missing].Display}, which it builds, does not exist.{HintOf(projects[missing])}");
        }

        // No process carries it: it says that there was an attempt.
        attempt.Begin($"KINETRA_ATTEMPT_ID={Guid.NewGuid():N}");
        string[] targets = parameters.Input.Targets ?? [];
        BuildEngineResult Build() => ((IBuildEngine3)engine).BuildProjectFilesInParallel(
            [.. projects.Select(project => project.Full)],
            targets,
            [.. projects.Select(_ => (IDictionary)GlobalProperties(attempt))],
            new IList<string>[projects.Length],
            new string[projects.Length],
            returnTargetOutputs: true);
        BuildEngineResult result = meanwhile is null ? Build() : EngineWait.During(Build, meanwhile);

        // The engine tells the results of the targets that it has begun.
        int refused = result.Result ? -1 : result.TargetOutputsPerProject.ToList().FindIndex(built => built is not { Count: > 0 });
        if (attempt.Cancellation.IsCancellationRequested || (refused >= 0 && run?.Stopping.IsCancellationRequested == true))
        {
            return new AttemptResult(ProcessEnd.Cancelled, 1, [], LogFile: null);
        }

        if (refused >= 0)
        {
            // A project that cannot be read, or a target that is not there, will not be the next time either.
            throw new KinetraException(DiagnosticCodes.NothingToBuild, $"The engine did not begin to build {projects[refused].Display}: it has no such target, or it cannot be read; the error of the engine says which.{TargetNames.Hint(projects[refused].Full, targets)}");
        }

        return new AttemptResult(ProcessEnd.Exited, result.Result ? 0 : 1, [], LogFile: null) { Reason = "the build of its projects failed; the errors above say why" };
    }

    private static string HintOf(FilePath missing)
    {
        try
        {
            return NearestName.Hint(Path.GetFileName(missing.Full), Directory.EnumerateFiles(Path.GetDirectoryName(missing.Full)!).Select(file => Path.GetFileName(file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // The engine remembers what it built with the same global properties; one that is different each time makes it build again.
    private Dictionary<string, string> GlobalProperties(Attempt attempt) => new(parameters.Properties, StringComparer.OrdinalIgnoreCase)
    {
        ["_KinetraStepAttempt"] = $"{run?.TraceId}/{Path.GetFileNameWithoutExtension(attempt.Log.Display)}",
    };
}
