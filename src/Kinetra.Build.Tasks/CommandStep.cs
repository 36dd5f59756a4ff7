using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>A step that runs a program: composes its environment and shows its output in the build's log.</summary>
internal sealed class CommandStep(StepParameters parameters, ProjectSettings settings, WorkflowRun run, TaskLoggingHelper log, IBuildEngine engine, Action<string> debug, IntegrityCheck integrity, Action<int>? progress = null)
{
    // A step that prints without end must not fill the binlog; its own log file has everything.
    private const int MaximumLines = 20_000;

    private CommandAttempt? _attempt;
    private SecretMasker _masker = new([]);
    private int _lines;

    /// <summary>Makes an attempt; before the first one the environment file is verified and read.</summary>
    /// <exception cref="KinetraException">The environment file is missing, malformed or changed, or as of <see cref="CommandAttempt.Run"/>.</exception>
    public AttemptResult Run(Attempt attempt)
    {
        _attempt ??= Prepare();
        try
        {
            return _attempt.Run(attempt, TimeProvider.System);
        }
        catch (KinetraException error)
        {
            // It quotes parameters, which may have been made from a secret.
            throw new KinetraException(error.Code, _masker.Apply(error.Message), error) { File = error.File, Line = error.Line };
        }
    }

    private CommandAttempt Prepare()
    {
        RunStepWithRetry task = parameters.Task;
        IReadOnlyDictionary<string, string> fromFile = ReadEnvironmentFile();
        StepEnvironment environment = new(run, task.StepName, ProcessEnvironment.Read(), fromFile, parameters.Environment);
        string[] secrets = [.. environment.ValuesOf([.. settings.SecretVariables, .. task.SecretVariables ?? []]), .. fromFile.Values];
        _masker = new SecretMasker(secrets);
        debug($"{task.StepName}: {_masker.Apply(task.Command ?? string.Join(' ', task.Arguments!))}");
        return new CommandAttempt(
            task.Arguments ?? ProcessSpec.Shell(task.Command!),
            FilePath.Resolve(settings.ProjectDirectory, string.IsNullOrEmpty(task.WorkingDirectory) ? "." : task.WorkingDirectory),
            environment,
            secrets,
            new ProcessLimits(parameters.Timeout, settings.GracePeriod),
            IsShown ? Show : null,
            progress);
    }

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
