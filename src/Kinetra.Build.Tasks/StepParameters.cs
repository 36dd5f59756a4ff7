using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Tasks;

/// <summary>The parameters of a step, read and checked as a whole before anything runs.</summary>
/// <param name="Task">The parameters as they were given.</param>
/// <param name="Definition">What the step is.</param>
/// <param name="Timeout">How long an attempt may take; null for ever.</param>
/// <param name="Environment">The user's variables.</param>
/// <param name="Properties">The global properties for Projects.</param>
internal sealed record StepParameters(RunStepWithRetry Task, StepDefinition Definition, TimeSpan? Timeout, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidStep"/>, <see cref="DiagnosticCodes.InvalidValue"/> or <see cref="DiagnosticCodes.LoggedVariable"/>.</exception>
    public static StepParameters Parse(RunStepWithRetry task, ProjectSettings settings, int? maxAttempts)
    {
        CheckCombination(task);
        LoggedVariables.Refuse($"{nameof(task.SecretVariables)} of step \"{task.StepName}\"", (task.SecretVariables ?? []).Select(name => name.Trim()));
        if (maxAttempts < 1)
        {
            throw new KinetraException(DiagnosticCodes.InvalidValue, $"{nameof(task.MaxAttempts)} of step \"{task.StepName}\": {maxAttempts} is not a whole number of 1 or more. It counts all attempts, the first included.");
        }

        RetryPolicy retry = new(
            maxAttempts ?? settings.MaxAttempts,
            Optional(nameof(task.RetryDelay), task.RetryDelay) ?? settings.RetryDelay,
            Optional(nameof(task.MaxRetryDelay), task.MaxRetryDelay) ?? settings.MaxRetryDelay);
        RetryExitCodes exitCodes = new(
            RetryExitCodes.Parse(nameof(task.RetryExitCodes), task.RetryExitCodes ?? []),
            RetryExitCodes.Parse(nameof(task.NoRetryExitCodes), task.NoRetryExitCodes ?? []));
        StepDefinition definition = new(task.StepName, task.Critical, retry, exitCodes, task.Suggestion);
        return new StepParameters(task, definition, TimeoutOf(task), Pairs(nameof(task.Environment), task.Environment, VariableNames), Pairs(nameof(task.Properties), task.Properties, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What the step is made of, but for its work and its environment.</summary>
    /// <param name="settings">The project's settings.</param>
    /// <param name="run">The run.</param>
    /// <param name="occurrence">Its number among the steps of its name.</param>
    public StepIdentity Identity(ProjectSettings settings, WorkflowRun run, int occurrence) => new()
    {
        Workflow = run.Workflow,
        Step = Task.StepName,
        Project = settings.ProjectFileFromState,
        Occurrence = occurrence,
        Work = StepWork.Arguments([]),
        ProjectDirectory = settings.ProjectDirectory,
        WorkingDirectory = FilePath.Resolve(settings.ProjectDirectory, string.IsNullOrEmpty(Task.WorkingDirectory) ? "." : Task.WorkingDirectory),
        Inputs = Task.Inputs ?? [],
        Outputs = Task.Outputs ?? [],
        Tools = Task.Tools ?? [],
        Salt = Task.Salt ?? "",
        OwnDirectories = settings.OwnDirectories,
    };

    private static StringComparer VariableNames => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    // "Name=value" each; the last one of a name counts.
    private static Dictionary<string, string> Pairs(string parameter, string[]? texts, StringComparer names)
    {
        Dictionary<string, string> pairs = new(names);
        foreach (string text in texts ?? [])
        {
            int equals = text.IndexOf('=');
            string name = equals < 0 ? "" : text[..equals].Trim();
            if (name.Length == 0)
            {
                throw new KinetraException(DiagnosticCodes.InvalidValue, $"{parameter}: \"{text}\" is not of the form NAME=value.");
            }

            pairs[name] = text[(equals + 1)..];
        }

        return pairs;
    }

    private static TimeSpan? TimeoutOf(RunStepWithRetry task) =>
        Optional(nameof(task.Timeout), task.Timeout) is { } timeout && timeout == TimeSpan.Zero
            ? throw new KinetraException(DiagnosticCodes.InvalidValue, $"{nameof(task.Timeout)}: \"{task.Timeout}\" would end every attempt at once. Leave it out for no time-out.")
            : Optional(nameof(task.Timeout), task.Timeout);

    private static TimeSpan? Optional(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : Duration.ParseWait(name, text);

    private static void CheckCombination(RunStepWithRetry task)
    {
        List<string> work = [];
        Add(work, nameof(task.Command), task.Command);
        Add(work, nameof(task.Arguments), task.Arguments);
        Add(work, nameof(task.Projects), task.Projects);
        if (work.Count != 1)
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, $"Step \"{task.StepName}\" needs exactly one of Command, Arguments and Projects, and has {(work.Count == 0 ? "none" : string.Join(" and ", work))}.");
        }

        List<string> misplaced = task.Projects is null ? OnlyForProjects(task) : OnlyForPrograms(task);
        if (misplaced.Count > 0)
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, task.Projects is null
                ? $"Step \"{task.StepName}\" has {string.Join(", ", misplaced)}, which only go with Projects."
                : $"Step \"{task.StepName}\" builds Projects in this engine, where {string.Join(", ", misplaced)} cannot apply. Write Command=\"dotnet build …\" instead.");
        }
    }

    private static List<string> OnlyForProjects(RunStepWithRetry task)
    {
        List<string> given = [];
        Add(given, nameof(task.Targets), task.Targets);
        Add(given, nameof(task.Properties), task.Properties);
        return given;
    }

    // A build inside this engine has no process of its own to be placed, fed or ended.
    private static List<string> OnlyForPrograms(RunStepWithRetry task)
    {
        List<string> given = [];
        Add(given, nameof(task.WorkingDirectory), task.WorkingDirectory);
        Add(given, nameof(task.Environment), task.Environment);
        Add(given, nameof(task.EnvironmentFile), task.EnvironmentFile);
        Add(given, nameof(task.SecretVariables), task.SecretVariables);
        Add(given, nameof(task.RetryExitCodes), task.RetryExitCodes);
        Add(given, nameof(task.NoRetryExitCodes), task.NoRetryExitCodes);
        Add(given, nameof(task.Timeout), task.Timeout);
        return given;
    }

    private static void Add(List<string> given, string name, object? value)
    {
        if (value is not null)
        {
            given.Add(name);
        }
    }
}
