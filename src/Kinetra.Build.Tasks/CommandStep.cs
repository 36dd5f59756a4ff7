using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Tasks;

/// <summary>A step that runs a program: composes its environment and shows its output in the build's log.</summary>
/// <param name="parameters">The step.</param>
/// <param name="surroundings">What it has around it.</param>
/// <param name="lines">Shows its output; null if nobody looks.</param>
internal sealed class CommandStep(StepParameters parameters, StepSurroundings surroundings, StepLines? lines) : IStepWork
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly ProjectSettings _settings = surroundings.Settings;
    private Lazy<CommandAttempt>? _attempt;

    // Null for a step without secrets, as most are.
    private SecretMasker? _masker;
    private StepTools? _tools;

    /// <inheritdoc/>
    public ITools Tools => _tools!;

    /// <summary>What the step is made of; the environment file is verified and read for it.</summary>
    /// <param name="occurrence">Its number among the steps of its name.</param>
    /// <exception cref="KinetraException">The environment file is missing, malformed or changed.</exception>
    public StepIdentity Identify(int occurrence)
    {
        StepInput input = parameters.Input;
        IReadOnlyDictionary<string, string> fromFile = ReadEnvironmentFile();
        StepEnvironment environment = new(surroundings.Run, input.Name, surroundings.Variables, fromFile, parameters.Environment);
        string[] declared = input.SecretVariables ?? [];
        bool isSecretive = surroundings.SecretVariables.Count > 0 || declared.Length > 0 || fromFile.Count > 0;
        string[] secrets = isSecretive ? [.. environment.ValuesOf([.. surroundings.SecretVariables, .. declared]), .. fromFile.Values] : [];
        _masker = secrets.Length > 0 ? new SecretMasker(secrets) : null;
        surroundings.Debug($"{input.Name}: {Mask(input.Command ?? string.Join(' ', input.Arguments!))}");
        StepIdentity identity = parameters.Identity(_settings, occurrence) with
        {
            Work = input.Command is null ? StepWork.Arguments(input.Arguments!) : StepWork.Command(input.Command),
            Variables = parameters.Environment,
            Secrets = environment.Secrets(fromFile, declared),
        };
        _tools = new StepTools(identity.WorkingDirectory.Full, environment.Variables, TimeProvider.System);
        _attempt = new Lazy<CommandAttempt>(() => Prepare(identity, environment, secrets), LazyThreadSafetyMode.None);
        return identity;
    }

    /// <inheritdoc/>
    public string Mask(string text) => _masker?.Apply(text) ?? text;

    /// <inheritdoc/>
    public AttemptResult Run(Attempt attempt) => _attempt!.Value.Run(attempt, TimeProvider.System);

    // Not before it is run: most steps of a continued run are not, and to look for a program takes longer than the rest.
    private CommandAttempt Prepare(StepIdentity identity, StepEnvironment environment, string[] secrets)
    {
        (string? program, IReadOnlyList<string> arguments) = parameters.Input.Arguments is { } given
            ? (null, given)
            : CommandLine.Split(parameters.Input.Command!, identity.WorkingDirectory.Full, environment.Variables);
        return new CommandAttempt(
            arguments,
            identity.WorkingDirectory,
            environment,
            secrets,
            new ProcessLimits(parameters.Timeout, surroundings.GracePeriod),
            lines is null ? null : lines.Add,
            surroundings.Watchdog) { Program = program };
    }

    private IReadOnlyDictionary<string, string> ReadEnvironmentFile()
    {
        string name = string.IsNullOrEmpty(parameters.Input.EnvironmentFile) ? _settings.EnvironmentFile : parameters.Input.EnvironmentFile;
        if (name.Length == 0)
        {
            return NoVariables;
        }

        FilePath file = FilePath.Resolve(_settings.ProjectDirectory, name);
        if (surroundings.Integrity is null || !_settings.EnableChecksums || !File.Exists(file.Full))
        {
            return EnvironmentFile.Read(file);
        }

        // Verified before it is read; what was never recorded is recorded once it has turned out to be readable.
        bool isRecorded = Verify(file, MissingBaseline.Fail);
        IReadOnlyDictionary<string, string> variables = EnvironmentFile.Read(file);
        if (!isRecorded)
        {
            Verify(file, MissingBaseline.Record);
            surroundings.Note($"{file}: first use, its checksum is recorded as the baseline.");
        }

        return variables;
    }

    private bool Verify(FilePath file, MissingBaseline missing)
    {
        KinetraException? problem = surroundings.Integrity!.Verify(file, null, missing, Mismatch.Fail).Problem;
        return problem is null || (problem.Code == DiagnosticCodes.NoBaseline ? false : throw problem);
    }
}
