using System.Text.Json;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;

namespace Kinetra.Build.Tool.Projects;

/// <summary>The settings of a project, as <c>dotnet msbuild -getProperty</c> evaluates it: no target is built, and the tool needs no MSBuild libraries.</summary>
internal sealed class EvaluatedProject
{
    private static readonly string[] Names =
    [
        "KinetraWorkflow", "KinetraTargets", "KinetraStateDirectory", "KinetraLogDirectory", "KinetraBackupDirectory", "KinetraEnableBackups", "KinetraEnableChecksums",
        "KinetraEnvironmentFile", "KinetraBackupKeep", "KinetraBackupMaxAge", "KinetraBackupKeyVariable", "KinetraChecksumKeyVariable", "KinetraCacheDirectory",
    ];

    private readonly Dictionary<string, string> _values;

    private EvaluatedProject(string file, Dictionary<string, string> values, IReadOnlyList<IReadOnlyDictionary<string, string>> steps, IReadOnlyList<string> pools) =>
        (File, _values, Steps, Pools) = (file, values, steps, pools);

    /// <summary>The project file, absolute.</summary>
    public string File { get; }

    /// <summary>Its directory.</summary>
    public string Directory => Path.GetDirectoryName(File)!;

    /// <summary>The workflow's name.</summary>
    public string Workflow => _values["KinetraWorkflow"];

    /// <summary>The targets that make up the workflow, as written.</summary>
    public string Targets => _values["KinetraTargets"];

    /// <summary>The environment file as written; empty if there is none.</summary>
    public string EnvironmentFile => _values["KinetraEnvironmentFile"].Trim();

    /// <summary>The <c>KinetraStep</c> items with their metadata, <c>Identity</c> among them, if they were asked for.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Steps { get; }

    /// <summary>The names of the <c>KinetraPool</c> items, if they were asked for.</summary>
    public IReadOnlyList<string> Pools { get; }

    /// <summary>The state directory.</summary>
    public FilePath StateDirectory => PathOf("KinetraStateDirectory");

    /// <summary>The log directory.</summary>
    public FilePath LogDirectory => PathOf("KinetraLogDirectory");

    /// <summary>The backup directory.</summary>
    public FilePath BackupDirectory => PathOf("KinetraBackupDirectory");

    /// <summary>The cache; null for none.</summary>
    public FilePath? CacheDirectory => _values["KinetraCacheDirectory"].Trim().Length == 0 ? null : PathOf("KinetraCacheDirectory");

    /// <summary>Whether backups are made of what is overwritten.</summary>
    public bool EnableBackups => !IsFalse("KinetraEnableBackups");

    /// <summary>Whether checksums are recorded.</summary>
    public bool EnableChecksums => !IsFalse("KinetraEnableChecksums");

    /// <summary>Which backups expire.</summary>
    public BackupRotation Rotation => new(
        _values["KinetraBackupKeep"] is { Length: > 0 } keep ? Count("KinetraBackupKeep", keep) : null,
        _values["KinetraBackupMaxAge"] is { Length: > 0 } age ? Duration.Parse("KinetraBackupMaxAge", age) : null);

    /// <summary>The recorded checksums.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public ChecksumStore Checksums => new(StateDirectory, Directory, Key("KinetraChecksumKeyVariable", SecretKey.ParseForSigning), Path.GetFileName(File));

    /// <summary>The backups.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public BackupStore Backups => new(BackupDirectory, Directory, TimeProvider.System, Key("KinetraBackupKeyVariable", SecretKey.Parse));

    /// <summary>Files with their backups and checksums.</summary>
    public ProtectedFiles Files => new(Checksums, Backups, Rotation);

    /// <summary>Keeps credentials out of git.</summary>
    public GitIgnoreGuard GitIgnore =>
        new(Directory, EnvironmentFile.Length > 0 ? Resolve(EnvironmentFile) : null, Checksums, DotNetCommand.Variables(), TimeProvider.System);

    /// <summary>A path as the project writes it.</summary>
    public FilePath Resolve(string path) => PathDisplay.FilePath(FilePath.Resolve(Directory, path).Full);

    /// <summary>Evaluates a project.</summary>
    /// <param name="file">The project file, absolute.</param>
    /// <param name="properties">Properties as <c>Name=value</c>.</param>
    /// <param name="withSteps">Whether its steps and pools are wanted.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.ProjectUnusable"/> or <see cref="DiagnosticCodes.DotNetMissing"/>.</exception>
    public static EvaluatedProject Read(string file, IReadOnlyList<string> properties, bool withSteps = false)
    {
        (int exitCode, string output, string errors) = DotNetCommand.Capture(
            Path.GetDirectoryName(file)!,
            ["msbuild", file, "-nologo", "-getProperty:" + string.Join(',', Names), .. withSteps ? ["-getItem:KinetraStep,KinetraPool"] : (string[])[], .. properties.Select(property => "-p:" + property)]);
        if (exitCode != 0)
        {
            string why = (output + "\n" + errors).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? (output + errors).Trim();
            throw new KinetraException(DiagnosticCodes.ProjectUnusable, $"The project {PathDisplay.Of(file)} cannot be evaluated: {why}");
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(output);
            Dictionary<string, string> values = json.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString() ?? "");
            if (values["KinetraStateDirectory"].Length == 0)
            {
                throw new KinetraException(DiagnosticCodes.ProjectUnusable, $"The project {PathDisplay.Of(file)} does not use Kinetra.Build: it has no KinetraStateDirectory. Write <Project Sdk=\"Kinetra.Build/…\">, or name another project with --project.");
            }

            return new EvaluatedProject(file, values, [.. Items(json, "KinetraStep")], [.. Items(json, "KinetraPool").Select(pool => pool["Identity"])]);
        }
        catch (JsonException error)
        {
            throw new KinetraException(DiagnosticCodes.ProjectUnusable, $"The project {PathDisplay.Of(file)} cannot be evaluated: dotnet msbuild did not answer in JSON. The tool needs the .NET 10 SDK; dotnet --version says which one is used here.", error);
        }
    }

    private static IEnumerable<Dictionary<string, string>> Items(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty("Items", out JsonElement items) && items.TryGetProperty(name, out JsonElement some)
            ? some.EnumerateArray().Select(item => item.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString() ?? "", StringComparer.OrdinalIgnoreCase))
            : [];

    private static int Count(string name, string text) => int.TryParse(text, out int count) && count >= 1
        ? count
        : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a whole number of 1 or more.");

    private FilePath PathOf(string name) => Resolve(_values[name]);

    private bool IsFalse(string name) => _values[name].Trim().Equals("false", StringComparison.OrdinalIgnoreCase);

    private SecretKey? Key(string setting, Func<string, string, string?, SecretKey> parse) =>
        _values[setting].Trim() is { Length: > 0 } variable ? parse(setting, variable, Environment.GetEnvironmentVariable(variable)) : null;
}
