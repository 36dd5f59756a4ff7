using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Tasks;

/// <summary>The parameters of a step, read and checked as a whole before anything runs.</summary>
/// <param name="Input">The parameters as they were given.</param>
/// <param name="Definition">What the step is.</param>
/// <param name="Timeout">How long an attempt may take; null for ever.</param>
/// <param name="Environment">The user's variables.</param>
/// <param name="Properties">The global properties for Projects.</param>
internal sealed record StepParameters(StepInput Input, StepDefinition Definition, TimeSpan? Timeout, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, string> Properties)
{
    private static readonly Dictionary<string, string> None = [];

    private static readonly RetryExitCodes NoExitCodes = new([], []);

    /// <summary>Whether the engine of this build does the work, on the task's own thread; otherwise a program does.</summary>
    public bool IsForEngine => Input.Command is null && Input.Arguments is null;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidStep"/>, <see cref="DiagnosticCodes.InvalidValue"/> or <see cref="DiagnosticCodes.LoggedVariable"/>.</exception>
    public static StepParameters Parse(StepInput input, ProjectSettings settings)
    {
        CheckCombination(input);
        if (input.SecretVariables is not null)
        {
            LoggedVariables.Refuse(Of(nameof(input.SecretVariables), input), input.SecretVariables.Select(name => name.Trim()));
        }

        StepDefinition definition = new(input.Name, input.Critical, RetryOf(input, settings), ExitCodesOf(input), input.Suggestion) { UsesCache = input.Cache };
        return new StepParameters(input, definition, TimeoutOf(input), Pairs(nameof(input.Environment), input, input.Environment, VariableNames.Comparer), Pairs(nameof(input.Properties), input, input.Properties, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What the step is made of, but for its work and its environment.</summary>
    /// <param name="settings">The project's settings.</param>
    /// <param name="occurrence">Its number among the steps of its name.</param>
    public StepIdentity Identity(ProjectSettings settings, int occurrence) => new()
    {
        Workflow = settings.Workflow,
        Step = Input.Name,
        Project = settings.ProjectFileFromState,
        Occurrence = occurrence,
        Work = StepWork.Arguments([]),
        ProjectDirectory = settings.ProjectDirectory,
        WorkingDirectory = FilePath.Resolve(settings.ProjectDirectory, string.IsNullOrEmpty(Input.WorkingDirectory) ? "." : Input.WorkingDirectory),
        Inputs = Input.Inputs ?? [],
        Outputs = Input.Outputs ?? [],
        Tools = Input.Tools ?? [],
        Salt = Input.Salt ?? "",
        OwnDirectories = settings.OwnDirectories,
    };

    private static string Of(string parameter, StepInput input) => $"{parameter} of step \"{input.Name}\"";

    // Most steps of a large graph share what the project says.
    private static RetryPolicy RetryOf(StepInput input, ProjectSettings settings) =>
        string.IsNullOrEmpty(input.MaxAttempts) && string.IsNullOrEmpty(input.RetryDelay) && string.IsNullOrEmpty(input.MaxRetryDelay)
            ? settings.Retry
            : new RetryPolicy(
                MaxAttemptsOf(input) ?? settings.Retry.MaxAttempts,
                Optional(nameof(input.RetryDelay), input, input.RetryDelay) ?? settings.Retry.Delay,
                Optional(nameof(input.MaxRetryDelay), input, input.MaxRetryDelay) ?? settings.Retry.MaxDelay);

    private static RetryExitCodes ExitCodesOf(StepInput input) => input.RetryExitCodes is null && input.NoRetryExitCodes is null
        ? NoExitCodes
        : new RetryExitCodes(
            RetryExitCodes.Parse(Of(nameof(input.RetryExitCodes), input), input.RetryExitCodes ?? []),
            RetryExitCodes.Parse(Of(nameof(input.NoRetryExitCodes), input), input.NoRetryExitCodes ?? []));

    private static int? MaxAttemptsOf(StepInput input)
    {
        if (string.IsNullOrEmpty(input.MaxAttempts))
        {
            return null;
        }

        return CountText.TryParse(input.MaxAttempts, out int number)
            ? number
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{Of(nameof(input.MaxAttempts), input)}: {input.MaxAttempts} is not a whole number of 1 or more. It counts all attempts, the first included.");
    }

    // "Name=value" each; the last one of a name counts.
    private static Dictionary<string, string> Pairs(string parameter, StepInput input, string[]? texts, StringComparer names)
    {
        if (texts is null)
        {
            return None;
        }

        Dictionary<string, string> pairs = new(names);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=');
            string name = equals < 0 ? "" : text[..equals].Trim();
            if (name.Length == 0)
            {
                throw new KinetraException(DiagnosticCodes.InvalidValue, $"{Of(parameter, input)}: \"{text}\" is not of the form NAME=value.");
            }

            pairs[name] = text[(equals + 1)..];
        }

        return pairs;
    }

    private static TimeSpan? TimeoutOf(StepInput input) =>
        Optional(nameof(input.Timeout), input, input.Timeout) is { } timeout && timeout == TimeSpan.Zero
            ? throw new KinetraException(DiagnosticCodes.InvalidValue, $"{Of(nameof(input.Timeout), input)}: \"{input.Timeout}\" would end every attempt at once. Leave it out for no time-out.")
            : Optional(nameof(input.Timeout), input, input.Timeout);

    private static TimeSpan? Optional(string parameter, StepInput input, string? text) =>
        string.IsNullOrEmpty(text) ? null : Duration.ParseWait(Of(parameter, input), text);

    private static void CheckCombination(StepInput input)
    {
        List<string> work = [];
        Add(work, nameof(input.Command), string.IsNullOrWhiteSpace(input.Command) ? null : input.Command);
        Add(work, nameof(input.Arguments), input.Arguments);
        Add(work, nameof(input.Projects), input.Projects);
        if (work.Count > 1 || (work.Count == 0 && input.Targets is null))
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, $"Step \"{input.Name}\" needs exactly one of Command, Arguments and Projects (or Targets alone, for those of this project), and has {(work.Count == 0 ? "none" : string.Join(" and ", work))}.");
        }

        bool isForEngine = input.Command is null && input.Arguments is null;
        List<string> misplaced = isForEngine ? OnlyForPrograms(input) : OnlyForProjects(input);
        if (misplaced.Count > 0)
        {
            throw new KinetraException(DiagnosticCodes.InvalidStep, isForEngine
                ? $"Step \"{input.Name}\" builds {(input.Projects is null ? "Targets" : "Projects")} in this engine, where {string.Join(", ", misplaced)} cannot apply. Write Command=\"dotnet build …\" instead."
                : $"Step \"{input.Name}\" has {string.Join(", ", misplaced)}, which go without Command and Arguments only: the engine of this build uses them.");
        }
    }

    private static List<string> OnlyForProjects(StepInput input)
    {
        List<string> given = [];
        Add(given, nameof(input.Targets), input.Targets);
        Add(given, nameof(input.Properties), input.Properties);
        return given;
    }

    // A build inside this engine has no process of its own to be placed, fed or ended.
    private static List<string> OnlyForPrograms(StepInput input)
    {
        List<string> given = [];
        Add(given, nameof(input.WorkingDirectory), input.WorkingDirectory);
        Add(given, nameof(input.Environment), input.Environment);
        Add(given, nameof(input.EnvironmentFile), input.EnvironmentFile);
        Add(given, nameof(input.SecretVariables), input.SecretVariables);
        Add(given, nameof(input.RetryExitCodes), input.RetryExitCodes);
        Add(given, nameof(input.NoRetryExitCodes), input.NoRetryExitCodes);
        Add(given, nameof(input.Timeout), input.Timeout);
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
