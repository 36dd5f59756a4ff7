using System.Text.RegularExpressions;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Credentials;

/// <summary>Checks that credentials are set and are not placeholders. Values are never shown.</summary>
public sealed class CredentialCheck
{
    /// <summary>What counts as a placeholder unless the user says otherwise: <c>*</c> stands for any text, case does not matter.</summary>
    public static readonly IReadOnlyList<string> DefaultPlaceholders =
        ["your_*", "your-*", "<*>", "changeme", "change_me", "change-me", "placeholder", "todo", "xxx*", "..."];

    private readonly FilePath? _file;
    private readonly bool _isRecorded;
    private readonly string? _projectFile;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly Regex[] _placeholders;

    /// <summary>Prepares a check.</summary>
    /// <param name="file">The environment file; null to look at the environment alone.</param>
    /// <param name="isRecorded">Whether the file's checksum is recorded, so that a change of it has to be accepted.</param>
    /// <param name="environment">Used for what the file does not have.</param>
    /// <param name="placeholders">Patterns as in <see cref="DefaultPlaceholders"/>.</param>
    /// <param name="projectFile">The project's file name, for the commands in messages; null if there is none.</param>
    public CredentialCheck(FilePath? file, bool isRecorded, IReadOnlyDictionary<string, string> environment, IEnumerable<string> placeholders, string? projectFile = null) =>
        (_file, _isRecorded, _environment, _placeholders, _projectFile) = (file, isRecorded, environment, [.. placeholders.Select(ToRegex)], projectFile);

    /// <summary>Checks some variables.</summary>
    /// <param name="required">Their names.</param>
    /// <returns>An error for each that is missing, empty or a placeholder.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.MalformedEnvironmentFile"/> and its like: the file cannot be used at all.</exception>
    public IReadOnlyList<KinetraException> Run(IEnumerable<string> required)
    {
        IReadOnlyDictionary<string, string> file = ReadFile();
        List<KinetraException> errors = [];
        foreach (string name in required)
        {
            bool inFile = file.TryGetValue(name, out string? value);
            value ??= _environment.GetValueOrDefault(name, "");
            if (string.IsNullOrWhiteSpace(value))
            {
                errors.Add(new KinetraException(DiagnosticCodes.CredentialMissing, $"The credential {name} is not set{NotFound()}. Set it with: {Remedy(name)}"));
            }
            else if (_placeholders.Any(placeholder => placeholder.IsMatch(value.Trim())))
            {
                errors.Add(new KinetraException(DiagnosticCodes.CredentialPlaceholder, $"The credential {name} still has a placeholder for a value in {(inFile ? _file : "the environment")}. Set the real one with: {Remedy(name)}"));
            }
        }

        return errors;
    }

    // A missing file is no error of its own: in CI the variables come from the environment.
    private IReadOnlyDictionary<string, string> ReadFile() =>
        _file is { } file && (File.Exists(file.Full) || Directory.Exists(file.Full))
            ? EnvironmentFile.Read(file)
            : new Dictionary<string, string>();

    private string NotFound() => _file is { } file ? $", neither in {file} nor in the environment" : " in the environment";

    // The tool asks for the value, so that it shows neither on the screen nor in the process list or the shell's history.
    private string Remedy(string name)
    {
        if (_file is not { } file)
        {
            return OperatingSystem.IsWindows() ? $"$env:{name} = '<value>'" : $"export {name}='<value>'";
        }

        string accept = _isRecorded ? $"; then, as the file's checksum is recorded, {ChecksumStore.HowToAccept(file, _projectFile)}" : "";
        return $"{SetCommand(name, file, _projectFile)} (the tool: dotnet tool install -g Kinetra.Build.Tool). Without it: add the line {name}=<value> to {file}, readable by you alone{accept}";
    }

    /// <summary>The command that sets a credential: it asks for the value, and keeps checksum, backup and <c>.gitignore</c> right.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="file">The environment file.</param>
    /// <param name="projectFile">The project's file name; null leaves it to the tool to find the only one.</param>
    internal static string SetCommand(string name, FilePath file, string? projectFile) =>
        $"kinetra env set {name} --file {ShellText.Quote(file.Display)}{(projectFile is null ? "" : $" --project {ShellText.Quote(projectFile)}")}";

    private static Regex ToRegex(string pattern) =>
        new("^" + Regex.Escape(pattern.Trim()).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
}
