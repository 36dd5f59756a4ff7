using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>A step that runs a program: composes its environment and shows its output in the build's log.</summary>
internal sealed class CommandStep(StepParameters parameters, ProjectSettings settings, RunSession session, TaskLoggingHelper log, IBuildEngine engine, Action<string> debug, IntegrityCheck integrity) : IStepWork
{
    // A step that prints without end must not fill the binlog; its own log file has everything.
    private const int MaximumLines = 20_000;

    private CommandAttempt? _attempt;
    private SecretMasker _masker = new([]);
    private StepTools? _tools;
    private int _lines;

    /// <inheritdoc/>
    public ITools Tools => _tools!;

    /// <summary>What the step is made of; the environment file is verified and read for it.</summary>
    /// <param name="occurrence">Its number among the steps of its name.</param>
    /// <exception cref="KinetraException">The environment file is missing, malformed or changed.</exception>
    public StepIdentity Identify(int occurrence)
    {
        RunStepWithRetry task = parameters.Task;
        IReadOnlyDictionary<string, string> fromFile = ReadEnvironmentFile();
        IReadOnlyDictionary<string, string> inherited = ProcessEnvironment.Read();
        StepEnvironment environment = new(session.Run, task.StepName, inherited, fromFile, parameters.Environment);
        string[] secrets = [.. environment.ValuesOf([.. settings.SecretVariables, .. task.SecretVariables ?? []]), .. fromFile.Values];
        _masker = new SecretMasker(secrets);
        debug($"{task.StepName}: {Mask(task.Command ?? string.Join(' ', task.Arguments!))}");
        StepIdentity identity = parameters.Identity(settings, session.Run, occurrence) with
        {
            Work = task.Command is null ? StepWork.Arguments(task.Arguments!) : StepWork.Command(task.Command),
            Variables = parameters.Environment,
            Secrets = environment.Secrets(fromFile, task.SecretVariables ?? []),
        };
        _tools = new StepTools(identity.WorkingDirectory.Full, environment.Variables, TimeProvider.System);
        _attempt = new CommandAttempt(
            task.Arguments ?? CommandLine.Arguments(task.Command!, identity.WorkingDirectory.Full, environment.Variables),
            identity.WorkingDirectory,
            environment,
            secrets,
            new ProcessLimits(parameters.Timeout, settings.GracePeriod),
            IsShown ? Show : null,
            session.Watchdog);
        return identity;
    }

    /// <inheritdoc/>
    public string Mask(string text) => _masker.Apply(text);

    /// <inheritdoc/>
    public AttemptResult Run(Attempt attempt) => _attempt!.Run(attempt, TimeProvider.System);

    private bool IsShown => engine is not IBuildEngine10 { EngineServices: { } services } || services.LogsMessagesOfImportance(MessageImportance.Normal);

    private void Show(string line)
    {
        int number = ++_lines;
        if (number <= MaximumLines)
        {
            log.LogMessage(MessageImportance.Normal, "{0}", line);
        }
        else if (number == MaximumLines + 1)
        {
            log.LogMessage(MessageImportance.Normal, "{0}: more than {1} lines; the rest is in its log file only.", parameters.Task.StepName, MaximumLines);
        }
    }

    private IReadOnlyDictionary<string, string> ReadEnvironmentFile()
    {
        string name = string.IsNullOrEmpty(parameters.Task.EnvironmentFile) ? settings.EnvironmentFile : parameters.Task.EnvironmentFile;
        if (name.Length == 0)
        {
            return new Dictionary<string, string>();
        }

        FilePath file = FilePath.Resolve(settings.ProjectDirectory, name);
        if (!settings.EnableChecksums || !File.Exists(file.Full))
        {
            return EnvironmentFile.Read(file);
        }

        // Verified before it is read; what was never recorded is recorded once it has turned out to be readable.
        bool isRecorded = Verify(file, MissingBaseline.Fail);
        IReadOnlyDictionary<string, string> variables = EnvironmentFile.Read(file);
        if (!isRecorded)
        {
            Verify(file, MissingBaseline.Record);
            log.LogMessage(MessageImportance.Normal, "{0}: first use, its checksum is recorded as the baseline.", file);
        }

        return variables;
    }

    private bool Verify(FilePath file, MissingBaseline missing)
    {
        KinetraException? problem = integrity.Verify(file, null, missing, Mismatch.Fail).Problem;
        return problem is null || (problem.Code == DiagnosticCodes.NoBaseline ? false : throw problem);
    }
}
