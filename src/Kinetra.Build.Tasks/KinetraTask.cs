using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// What all tasks share: the project's settings, coded diagnostics with a help page, messages that go to the build and to
/// the run's log, and the kill switch <c>KinetraEnabled</c>.
/// </summary>
public abstract class KinetraTask : Microsoft.Build.Utilities.Task
{
    private ProjectSettings? _settings;
    private SecretMasker? _masker;

    // Not the session's: that another task has said it fails no build in which that task may fail (ContinueOnError).
    private int _isUnwritableTold;

    /// <summary>The project's settings.</summary>
    private protected ProjectSettings Settings => _settings ??= ProjectSettings.Read(BuildEngine);

    /// <summary>Runs the task.</summary>
    /// <returns>Whether there was no error.</returns>
    public sealed override bool Execute()
    {
        try
        {
            if (!Settings.IsEnabled)
            {
                Log.LogMessage(MessageImportance.Normal, "{0} does nothing: KinetraEnabled is false, or this is a design-time build.", GetType().Name);
            }
            else if (CurrentRun is { Status: RunStatus.Running, Stopping.IsCancellationRequested: true } run && this is not EndWorkflowRun)
            {
                // The engine does not always know: where SIGINT is ignored, as in a shell's background job, it cannot be told.
                throw Interrupted(run);
            }
            else
            {
                Run();
            }
        }
        catch (KinetraException error)
        {
            ErrorOnce(error);
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work. A <see cref="KinetraException"/> becomes the task's error.</summary>
    private protected abstract void Run();

    /// <summary>A path as the user wrote it, relative to the project.</summary>
    private protected FilePath Resolve(string path) => FilePath.Resolve(Settings.ProjectDirectory, path);

    /// <summary>The project's keys.</summary>
    private protected ProjectKeys Keys => ProjectKeys.Of(BuildEngine, Settings);

    /// <summary>The recorded checksums.</summary>
    private protected ChecksumStore Checksums => new(Settings.StateDirectory, Settings.ProjectDirectory, Keys.Checksums, Settings.ProjectFile);

    /// <summary>The backups.</summary>
    private protected BackupStore BackupStore => BackupsIn(Settings.BackupDirectory);

    /// <summary>Files with their backups and checksums.</summary>
    private protected ProtectedFiles ProtectedFiles => new(Checksums, BackupStore, Settings.BackupRotation);

    /// <summary>Keeps credentials out of git.</summary>
    private protected GitIgnoreGuard GitIgnoreGuard => new(
        Settings.ProjectDirectory,
        string.IsNullOrWhiteSpace(Settings.EnvironmentFile) ? null : Resolve(Settings.EnvironmentFile),
        Checksums,
        ProcessEnvironment.Read(),
        TimeProvider.System);

    /// <summary>The backups in another directory than the project's.</summary>
    private protected BackupStore BackupsIn(FilePath directory) => new(directory, Settings.ProjectDirectory, TimeProvider.System, Keys.Backups);

    /// <summary>What the user should see: at default verbosity, and in the run's log.</summary>
    private protected void Say(string message, LogLevel level = LogLevel.Info) => Message(level, MessageImportance.High, message);

    /// <summary>What happened, for whoever looks closer: at normal verbosity, and in the run's log.</summary>
    private protected void Note(string message) => Message(LogLevel.Info, MessageImportance.Normal, message);

    /// <summary>What is needed to understand a problem: at detailed verbosity (at any with KinetraDebug), and in the run's log.</summary>
    private protected void Debug(string message) =>
        Message(LogLevel.Debug, Settings.IsDebug ? MessageImportance.High : MessageImportance.Low, message);

    /// <summary>Something failed that the build can do without.</summary>
    private protected void Warning(KinetraException warning)
    {
        string message = Mask(warning.Message);
        Show(() =>
        {
            Log.LogWarning(null, warning.Code, HelpKeyword(warning.Code), HelpLink(warning.Code), FileOf(warning), warning.Line, 0, 0, 0, message);
            Annotate(isError: false, warning, message);
        });
        CurrentRun?.Log.Write(LogLevel.Warning, $"{warning.Code}: {message}");
    }

    /// <summary>Warns of the further names of a file that was replaced, if it has any.</summary>
    /// <param name="file">The file.</param>
    /// <param name="done">What was done: "written" or "restored".</param>
    /// <param name="otherNames">How many further names (hard links) keep the old content.</param>
    private protected void WarnOfOtherNames(string file, string done, int otherNames)
    {
        if (HardLinkWarning.Of(file, done, otherNames) is { } warning)
        {
            Warning(warning);
        }
    }

    /// <summary>Says what there is to say of a file and git.</summary>
    private protected void Report(GitIgnoreResult result)
    {
        if (result.Note is { } note)
        {
            Note(note);
        }

        if (result.Debug is { } debug)
        {
            Debug(debug);
        }

        if (result.Warning is { } warning)
        {
            Warning(warning);
        }
    }

    /// <summary>The build fails of this.</summary>
    private protected void Error(KinetraException error)
    {
        string message = Mask(error.Message);
        Show(() =>
        {
            Log.LogError(null, error.Code, HelpKeyword(error.Code), HelpLink(error.Code), FileOf(error), error.Line, 0, 0, 0, message);
            Annotate(isError: true, error, message);
        });
        if (_settings is not null && CurrentSession is { } session)
        {
            session.FirstError ??= $"{error.Code}: {message}";
            session.IsUnwritableTold |= error.Code == DiagnosticCodes.StateUnwritable;
            WriteToRunLog(session.Run, $"{error.Code}: {message}");
        }
    }

    /// <summary>The same, but each task tells once of a run that cannot be written: whatever it still does finds that out again.</summary>
    private protected void ErrorOnce(KinetraException error)
    {
        if (error.Code != DiagnosticCodes.StateUnwritable || Interlocked.Exchange(ref _isUnwritableTold, 1) == 0)
        {
            Error(error);
        }
    }

    /// <summary>Says what there is to say when a run begins: of the run before it, and of what is continued. Removes what old runs left.</summary>
    private protected void ReportBeginning(RunSession session, bool fromStart = false)
    {
        WorkflowRun run = session.Run;
        Note($"Workflow {run.Workflow}, run {run.Id}. Log: {run.Log.File}. State: {run.StateFile}.");
        if (run.Damage is { } damage)
        {
            Warning(damage);
        }

        foreach (string problem in session.TraceProblems)
        {
            Warning(new KinetraException(DiagnosticCodes.TraceSettings, $"OpenTelemetry: {problem}."));
        }

        foreach (string name in Settings.UnknownOf(session.UserProperties))
        {
            string hint = NearestName.Find(name, Settings.Names) is { } meant ? $" Did you mean {meant}?" : "";
            Warning(new KinetraException(DiagnosticCodes.UnknownProperty, $"The property {name}, which was given to the build, means nothing to Kinetra.Build.{hint} It is ignored."));
        }

        if (RunReport.OfPrevious(run, fromStart ? null : () => session.ResumeCommandOf(isSingleTargets: false)) is { } previous)
        {
            Say(previous);
        }

        if (session.EndedLeftovers > 0)
        {
            Say($"{session.EndedLeftovers} {(session.EndedLeftovers == 1 ? "process" : "processes")} of run {run.Previous!.Id} still ran, and {(session.EndedLeftovers == 1 ? "has" : "have")} been ended.", LogLevel.Warning);
        }

        try
        {
            if (run.RemoveOldRuns() is { Count: > 0 } removed)
            {
                Debug($"Logs and states of {removed.Count} old runs removed (KinetraLogKeep).");
            }
        }
        catch (KinetraException warning) when (warning.Code is DiagnosticCodes.LogNotRemoved or DiagnosticCodes.FileUnreadable)
        {
            Warning(warning);
        }
    }

    /// <summary>What to say of a run that was told to stop.</summary>
    private protected static KinetraException Interrupted(WorkflowRun run) =>
        new(DiagnosticCodes.WorkflowInterrupted, $"Run {run.Id} of {run.Workflow} was interrupted: the build was told to stop. Build again to run it, with -p:KinetraResume=true to go on where it stopped.");

    /// <summary>Says, once for a run, that there is no watchdog, if there is none.</summary>
    private protected void SayIfUnwatched(RunSession session)
    {
        if (session.Watchdog.Problem is { } problem && !session.IsWatchdogMissed)
        {
            session.IsWatchdogMissed = true;
            Say($"There is no watchdog, so steps would go on if this build were killed: {problem}", LogLevel.Warning);
        }
    }

    /// <summary>A problem in the output of a step.</summary>
    private protected void Report(Problem problem, WorkflowRun run) => ProblemLog.Write(problem, this, Settings, run, Show);

    /// <summary>What a step's runner reports: debug lines for whoever looks closer, anything else for the user.</summary>
    private protected void Report(LogLevel level, string message)
    {
        if (level == LogLevel.Debug)
        {
            Debug(message);
        }
        else
        {
            Say(message, level);
        }
    }

    /// <summary>A line in the run's log alone.</summary>
    private protected void Record(LogLevel level, string message) => CurrentRun?.Log.Write(level, Mask(message));

    // A log that cannot be written is no reason to lose the error that is being reported.
    private static void WriteToRunLog(WorkflowRun run, string error)
    {
        try
        {
            run.Log.Write(LogLevel.Error, error);
        }
        catch (KinetraException unwritable) when (unwritable.Code is DiagnosticCodes.StateUnwritable)
        {
        }
    }

    /// <summary>The run that the task takes part in; null if there is none.</summary>
    private protected virtual RunSession? CurrentSession => RunSession.Find(BuildEngine, Settings);

    private WorkflowRun? CurrentRun => CurrentSession?.Run;

    private void Message(LogLevel level, MessageImportance importance, string text)
    {
        string message = Mask(text);
        if (IsHeard(importance))
        {
            Show(() => Log.LogMessage(importance, message));
        }

        CurrentRun?.Log.Write(level, message);
    }

    /// <summary>Whether somebody listens to messages of an importance.</summary>
    private protected virtual bool IsHeard(MessageImportance importance) => Log.LogsMessagesOfImportance(importance);

    /// <summary>Has something logged with the engine, which a task with several threads does on its own one.</summary>
    private protected virtual void Show(Action log) => log();

    // A place in the SDK's own targets tells a user nothing: it is the project then. Null lets the engine fill in the place of the task.
    private string? FileOf(KinetraException problem) =>
        problem.File is null && _settings is not null && Path.GetFileName(BuildEngine.ProjectFileOfTaskNode)?.StartsWith("Kinetra.Build.", StringComparison.Ordinal) == true
            ? Path.Combine(_settings.ProjectDirectory, _settings.ProjectFile)
            : problem.File;

    private void Annotate(bool isError, KinetraException problem, string message)
    {
        if (_settings is not null)
        {
            CiAnnotations.Write(new Annotation(isError, message) { Code = problem.Code, File = problem.File, Place = (problem.Line, 0, 0, 0) }, _settings, BuildEngine, Log);
        }
    }

    // A message quotes parameters and settings, which may have been made from a secret.
    private string Mask(string text)
    {
        if (_settings is not { SecretVariables: { Length: > 0 } names })
        {
            return text;
        }

        _masker ??= ProcessEnvironment.MaskerOf(names);
        return _masker.Apply(text);
    }

    private static string HelpKeyword(string code) => "Kinetra.Build." + code;

    // The page that was installed with the tasks: no network, and always of this version.
    private static string HelpLink(string code)
    {
        string? tasks = Path.GetDirectoryName(typeof(KinetraTask).Assembly.Location);
        return new Uri(Path.GetFullPath(Path.Combine(tasks ?? "/", "..", "..", "docs", "diagnostics", code + ".md"))).AbsoluteUri;
    }
}
