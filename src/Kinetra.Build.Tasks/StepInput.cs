using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// What a user wrote of a step, as parameters of <see cref="RunStepWithRetry"/> or as metadata of a <c>KinetraStep</c> item. Null or
/// empty is what was not given.
/// </summary>
internal sealed record StepInput
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A line for the shell.</summary>
    public string? Command { get; init; }

    /// <summary>A program and its arguments.</summary>
    public string[]? Arguments { get; init; }

    /// <summary>Projects to build, as written.</summary>
    public string[]? Projects { get; init; }

    /// <summary>The targets to build.</summary>
    public string[]? Targets { get; init; }

    /// <summary>Global properties for the projects, <c>Name=value</c> each.</summary>
    public string[]? Properties { get; init; }

    /// <summary>Where the program runs.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables for the program, <c>NAME=value</c> each.</summary>
    public string[]? Environment { get; init; }

    /// <summary>A <c>.env</c> file for the program.</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>Names of variables whose values are masked.</summary>
    public string[]? SecretVariables { get; init; }

    /// <summary>Patterns of what it reads.</summary>
    public string[]? Inputs { get; init; }

    /// <summary>Patterns of what it writes.</summary>
    public string[]? Outputs { get; init; }

    /// <summary>What it is run with.</summary>
    public string[]? Tools { get; init; }

    /// <summary>Any text.</summary>
    public string? Salt { get; init; }

    /// <summary>Whether the workflow fails if it does.</summary>
    public bool Critical { get; init; } = true;

    /// <summary>Whether it is not run if the cache knows what it would make.</summary>
    public bool Cache { get; init; }

    /// <summary>Attempts in all, as written.</summary>
    public string? MaxAttempts { get; init; }

    /// <summary>The first pause.</summary>
    public string? RetryDelay { get; init; }

    /// <summary>The longest pause.</summary>
    public string? MaxRetryDelay { get; init; }

    /// <summary>The only exit codes that are tried again.</summary>
    public string[]? RetryExitCodes { get; init; }

    /// <summary>Exit codes that fail at once.</summary>
    public string[]? NoRetryExitCodes { get; init; }

    /// <summary>How long an attempt may take.</summary>
    public string? Timeout { get; init; }

    /// <summary>What to tell the user if it fails.</summary>
    public string? Suggestion { get; init; }

    /// <summary>What the parameters of a task say.</summary>
    /// <param name="task">The task.</param>
    /// <param name="maxAttempts">Its <see cref="RunStepWithRetry.MaxAttempts"/>, if given.</param>
    public static StepInput Of(RunStepWithRetry task, int? maxAttempts) => new()
    {
        Name = task.StepName,
        Command = task.Command,
        Arguments = task.Arguments,
        Projects = task.Projects is null ? null : [.. task.Projects.Select(item => item.ItemSpec)],
        Targets = task.Targets,
        Properties = task.Properties,
        WorkingDirectory = task.WorkingDirectory,
        Environment = task.Environment,
        EnvironmentFile = task.EnvironmentFile,
        SecretVariables = task.SecretVariables,
        Inputs = task.Inputs,
        Outputs = task.Outputs,
        Tools = task.Tools,
        Salt = task.Salt,
        Critical = task.Critical,
        MaxAttempts = maxAttempts?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        RetryDelay = task.RetryDelay,
        MaxRetryDelay = task.MaxRetryDelay,
        RetryExitCodes = task.RetryExitCodes,
        NoRetryExitCodes = task.NoRetryExitCodes,
        Timeout = task.Timeout,
        Suggestion = task.Suggestion,
    };
}
