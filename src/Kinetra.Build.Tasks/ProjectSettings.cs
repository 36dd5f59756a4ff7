using System.Collections;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Keys;
using Kinetra.Build.Core.Publishing;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Workflows;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// The <c>Kinetra*</c> properties of the project that a task runs in. A task cannot read properties, and nobody should have
/// to pass twenty parameters, so the task asks the project by building its target <c>_KinetraGetSettings</c>, which the
/// engine runs once for a project and answers from its cache afterwards.
/// </summary>
internal sealed class ProjectSettings
{
    private const string Target = "_KinetraGetSettings";
    private const string Prefix = "Kinetra";

    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, string> _metadata = [];

    // "@Name=value" is a setting, "@@Name=value" a metadata item of the user's; anything else belongs to the value before it,
    // which had a semicolon there. As with properties, the last one of a name counts.
    private ProjectSettings(ITaskItem[] items)
    {
        Dictionary<string, string> target = _values;
        string name = "";
        foreach (ITaskItem item in items)
        {
            string text = item.ItemSpec;
            int equals = text.IndexOf('=');
            if (text[0] == '@' && equals > 0)
            {
                bool isMetadata = text[1] == '@';
                target = isMetadata ? _metadata : _values;
                name = text[(isMetadata ? 2 : 1)..equals];
                target[name] = text[(equals + 1)..];
            }
            else
            {
                target[name] += ";" + text;
            }
        }
    }

    /// <summary>The names of all properties that mean something.</summary>
    public IEnumerable<string> Names => _values.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Concat(["KinetraTargets", "KinetraFile"]);

    public string ProjectDirectory => _values["MSBuildProjectDirectory"];

    public string ProjectFile => _values["MSBuildProjectFile"];

    public string ProjectName => _values["MSBuildProjectName"];

    /// <summary>Whether tasks do anything: not if they are switched off, nor when an editor only looks at the project.</summary>
    public bool IsEnabled => Flag("KinetraEnabled") && !IsTrue("DesignTimeBuild") && !IsTrue("BuildingForLiveUnitTesting");

    public bool IsDebug => Flag("KinetraDebug");

    /// <summary>Whether a run leaves a report.</summary>
    public bool WritesReport => Flag("KinetraReport");

    public bool EnableBackups => Flag("KinetraEnableBackups");

    public bool EnableChecksums => Flag("KinetraEnableChecksums");

    public FilePath StateDirectory => Path("KinetraStateDirectory");

    public FilePath BackupDirectory => Path("KinetraBackupDirectory");

    /// <summary>How often a step is tried that says nothing of it.</summary>
    public RetryPolicy Retry => field ??= new RetryPolicy(
        Number("KinetraMaxAttempts") ?? throw Empty("KinetraMaxAttempts", "a whole number of 1 or more"),
        Wait("KinetraRetryDelay"),
        Wait("KinetraMaxRetryDelay"));

    public TimeSpan GracePeriod => Wait("KinetraGracePeriod");

    /// <summary>How many steps of a graph may run at a time: by default as many as there are processors.</summary>
    public int MaxParallel => Number("KinetraMaxParallel") ?? Environment.ProcessorCount;

    /// <summary>Whether everything that still can is run after a critical failure.</summary>
    public bool KeepGoing => Flag("KinetraKeepGoing");

    /// <summary>Whether a critical failure ends the steps that run.</summary>
    public bool CancelsOnFailure => Choice.Parse<OnFailure>("KinetraOnFailure", _values["KinetraOnFailure"]) == OnFailure.Cancel;

    /// <summary>How long the steps of earlier runs took.</summary>
    public DurationHistory History => WorkflowForecast.HistoryIn(StateDirectory, Workflow);

    /// <summary>Which steps of the graph are run.</summary>
    public Selection Selection => new(ListOf("KinetraOnly"), ListOf("KinetraSkip"), ListOf("KinetraFrom"), ListOf("KinetraUntil"));

    /// <summary>Where the outputs of steps are kept; null for no cache.</summary>
    public FilePath? CacheDirectory => string.IsNullOrWhiteSpace(_values["KinetraCacheDirectory"]) ? null : Path("KinetraCacheDirectory");

    /// <summary>How much of it, in bytes; null for any amount.</summary>
    public long? CacheSize => _values["KinetraCacheSize"] is { Length: > 0 } size ? ByteSize.Parse("KinetraCacheSize", size) : null;

    /// <summary>Where each run is written to as JUnit XML; null for nowhere.</summary>
    public FilePath? JUnit => string.IsNullOrWhiteSpace(_values["KinetraJUnit"]) ? null : Path("KinetraJUnit");

    /// <summary>The CI service that is told of the run; none if the build runs in none, or the user does not want it.</summary>
    // The error that the value is wrong asks it too, so this one throws nothing.
    public CiService CI => _values["KinetraCI"].Trim().Equals("false", StringComparison.OrdinalIgnoreCase) ? CiService.None : CiEnvironment.Detect(Environment.GetEnvironmentVariable);

    public string EnvironmentFile => _values["KinetraEnvironmentFile"];

    /// <summary>The name of the variable with the key of backups; empty for none.</summary>
    public string BackupKeyVariable => _values["KinetraBackupKeyVariable"].Trim();

    /// <summary>The name of the variable with the key of checksum records; empty for none.</summary>
    public string ChecksumKeyVariable => _values["KinetraChecksumKeyVariable"].Trim();

    /// <summary>The variables whose values are secrets: those that the user names, and those with keys.</summary>
    public string[] SecretVariables => field ??=
    [
        .. ListOf("KinetraSecretVariables"),
        .. new[] { BackupKeyVariable, ChecksumKeyVariable }.Where(name => name.Length > 0),
    ];

    public BackupRotation BackupRotation => new(
        Number("KinetraBackupKeep"),
        _values["KinetraBackupMaxAge"] is { Length: > 0 } age ? Duration.Parse("KinetraBackupMaxAge", age) : null);

    /// <summary>
    /// What makes two projects share a run: the same workflow in the same state directory. Needs no setting to be valid,
    /// as the error that one is not also asks whether there is a run.
    /// </summary>
    public string Identity => $"{System.IO.Path.GetFullPath(System.IO.Path.Combine(ProjectDirectory, _values["KinetraStateDirectory"]))}|{_values["KinetraWorkflow"]}";

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public RunSettings Run => new(Workflow, StateDirectory, LogDirectory, Number("KinetraLogKeep"), Metadata)
    {
        Resume = Flag("KinetraResume"),
        IsPartial = Selection is not { Only.Count: 0, Skip.Count: 0, From.Count: 0, Until.Count: 0 },
    };

    /// <summary>The directories that the build itself writes to.</summary>
    public IReadOnlyList<string> OwnDirectories => field ??= CacheDirectory is { } cache
        ? [StateDirectory.Full, LogDirectory.Full, BackupDirectory.Full, cache.Full]
        : [StateDirectory.Full, LogDirectory.Full, BackupDirectory.Full];

    /// <summary>The project's file, as a user in the directory where the build was started would write it.</summary>
    public string ProjectFileAsTyped
    {
        get
        {
            string full = System.IO.Path.Combine(ProjectDirectory, ProjectFile);
            string relative = _values["MSBuildStartupDirectory"] is { Length: > 0 } start ? System.IO.Path.GetRelativePath(start, full) : full;
            return relative.StartsWith("..", StringComparison.Ordinal) ? full : relative;
        }
    }

    /// <summary>The project's file relative to the state directory, with <c>/</c>: the same wherever both lie.</summary>
    public string ProjectFileFromState => field ??=
        System.IO.Path.GetRelativePath(StateDirectory.Full, System.IO.Path.Combine(ProjectDirectory, ProjectFile)).Replace('\\', '/');

    private FilePath LogDirectory => Path("KinetraLogDirectory");

    /// <summary>The workflow's name.</summary>
    public string Workflow => _values["KinetraWorkflow"] is { Length: > 0 } name ? name : throw Empty("KinetraWorkflow", "a name");

    /// <summary>Whether the user has made a warning a message (<c>NoWarn</c>).</summary>
    /// <param name="code">Its code.</param>
    public bool IsSuppressed(string code) =>
        _values["MSBuildWarningsAsMessages"].Split([';', ','], StringSplitOptions.TrimEntries).Contains(code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of some properties that look like ours and are not.</summary>
    /// <param name="given">The names of the properties.</param>
    public IEnumerable<string> UnknownOf(IEnumerable<string> given) =>
        given.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !Names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Asks the project that a task runs in.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.SdkNotImported"/>.</exception>
    public static ProjectSettings Read(IBuildEngine engine)
    {
        Hashtable outputs = [];
        return IsBuilt(engine, outputs) && outputs[Target] is ITaskItem[] items
            ? new ProjectSettings(items)
            : throw new KinetraException(DiagnosticCodes.SdkNotImported, $"This project does not import the targets of Kinetra.Build ({Target} is missing). Write <Project Sdk=\"Kinetra.Build/…\">, or add <Sdk Name=\"Kinetra.Build\" Version=\"…\" /> to it.");
    }

    /// <summary>
    /// Looks at every setting, so that a wrong value is an error before anything runs rather than when it is first used.
    /// </summary>
    public void Validate()
    {
        _ = (IsEnabled, IsDebug, WritesReport, MaxParallel, KeepGoing, CancelsOnFailure, CacheDirectory, CacheSize, EnableBackups, EnableChecksums, Retry, GracePeriod, BackupRotation, BackupDirectory, JUnit, Flag("KinetraCI"), Run);
        LoggedVariables.Refuse("KinetraSecretVariables", ListOf("KinetraSecretVariables"));
    }

    private static bool IsBuilt(IBuildEngine engine, IDictionary outputs)
    {
        try
        {
            return engine.BuildProjectFile(null, [Target], null, outputs);
        }
        catch (AggregateException error) when (error.InnerException?.GetType().Name == "InvalidProjectFileException")
        {
            // What the engine throws of a target that does not exist; the type is in an assembly that tasks do not reference.
            return false;
        }
    }

    private string[] ListOf(string name) => _values[name].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private TimeSpan Wait(string name) => Duration.ParseWait(name, _values[name]);

    private FilePath Path(string name) =>
        string.IsNullOrWhiteSpace(_values[name]) ? throw Empty(name, "a directory") : FilePath.Resolve(ProjectDirectory, _values[name]);

    private static KinetraException Empty(string name, string what) => new(DiagnosticCodes.InvalidValue, $"{name}: \"\" is not {what}.");

    private bool IsTrue(string name) => _values[name].Equals("true", StringComparison.OrdinalIgnoreCase);

    private bool Flag(string name) => _values[name].Trim().ToLowerInvariant() switch
    {
        "true" => true,
        "false" => false,
        _ => throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{_values[name]}\" is neither true nor false."),
    };

    private int? Number(string name)
    {
        string text = _values[name].Trim();
        if (text.Length == 0)
        {
            return null;
        }

        return CountText.TryParse(text, out int number)
            ? number
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a whole number of 1 or more.");
    }
}
