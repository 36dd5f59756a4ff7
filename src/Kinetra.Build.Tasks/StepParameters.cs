using Kinetra.Build.Core;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Tasks;

/// <summary>The parameters of a step, read and checked as a whole before anything runs.</summary>
/// <param name="Task">The parameters as they were given.</param>
/// <param name="Definition">What the step is.</param>
/// <param name="Timeout">How long an attempt may take; null for ever.</param>
/// <param name="Environment">The user's variables.</param>
internal sealed record StepParameters(RunStepWithRetry Task, StepDefinition Definition, TimeSpan? Timeout, IReadOnlyList<KeyValuePair<string, string>> Environment)
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidStep"/> or <see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static StepParameters Parse(RunStepWithRetry task, ProjectSettings settings, int? maxAttempts)
    {
        CheckCombination(task);
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
        return new StepParameters(task, definition, Optional(nameof(task.Timeout), task.Timeout), [.. (task.Environment ?? []).Select(pair => Pair(nameof(task.Environment), pair))]);
    }

    /// <summary>Reads <c>Name=value</c>.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static KeyValuePair<string, string> Pair(string parameter, string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0
            ? KeyValuePair.Create(text[..equals].Trim(), text[(equals + 1)..])
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{parameter}: \"{text}\" is not of the form NAME=value.");
    }

    private static TimeSpan? Optional(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null : Duration.Parse(name, text);

    private static void CheckCombination(RunStepWithRetry task)
    {
        string[] work = Given((nameof(task.Command), task.Command), (nameof(task.Arguments), task.Arguments), (nameof(task.Projects), task.Projects));
        if (work.Length != 1)
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, $"Step \"{task.StepName}\" needs exactly one of Command, Arguments and Projects, and has {(work.Length == 0 ? "none" : string.Join(" and ", work))}.");
        }

        // A build inside this engine has no process of its own to be placed, fed or ended.
        string[] misplaced = task.Projects is null
            ? Given((nameof(task.Targets), task.Targets), (nameof(task.Properties), task.Properties))
            : Given((nameof(task.WorkingDirectory), task.WorkingDirectory), (nameof(task.Environment), task.Environment), (nameof(task.EnvironmentFile), task.EnvironmentFile), (nameof(task.SecretVariables), task.SecretVariables), (nameof(task.RetryExitCodes), task.RetryExitCodes), (nameof(task.NoRetryExitCodes), task.NoRetryExitCodes), (nameof(task.Timeout), task.Timeout));
        if (misplaced.Length > 0)
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, task.Projects is null
                ? $"Step \"{task.StepName}\" has {string.Join(", ", misplaced)}, which only go with Projects."
                : $"Step \"{task.StepName}\" builds Projects in this engine, where {string.Join(", ", misplaced)} cannot apply. Write Command=\"dotnet build …\" instead.");
        }
    }

    private static string[] Given(params (string Name, object? Value)[] parameters) =>
        [.. parameters.Where(parameter => parameter.Value is not null).Select(parameter => parameter.Name)];
}
