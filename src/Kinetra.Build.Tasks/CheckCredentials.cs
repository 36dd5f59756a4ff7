using Kinetra.Build.Core;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Checks that the credentials that a workflow needs are set, in an environment file or in the environment, and are not
/// placeholders. Values are never shown.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class CheckCredentials : KinetraTask
{
    /// <summary>The environment file, relative to the project; what it lacks is looked up in the environment. Default: <c>KinetraEnvironmentFile</c>, else the environment alone.</summary>
    public string? File { get; set; }

    /// <summary>The names of the variables that must be set.</summary>
    [Required]
    public string[] Required { get; set; } = [];

    /// <summary>Values that count as not set, <c>*</c> standing for any text; case does not matter. Default: <c>your_*</c>, <c>&lt;*&gt;</c>, <c>changeme</c>, <c>placeholder</c>, <c>todo</c>, <c>xxx*</c> and their like.</summary>
    public string[]? Placeholders { get; set; }

    private protected override void Run()
    {
        string name = string.IsNullOrEmpty(File) ? Settings.EnvironmentFile : File;
        FilePath? file = name.Length == 0 ? null : Resolve(name);
        bool isRecorded = file is { } path && Checksums.Find(path) is not null;
        CredentialCheck check = new(file, isRecorded, ProcessEnvironment.Read(), Placeholders ?? CredentialCheck.DefaultPlaceholders, Settings.ProjectFile);
        IReadOnlyList<KinetraException> errors = check.Run(Required);
        foreach (KinetraException error in errors)
        {
            Error(error);
        }

        if (errors.Count == 0)
        {
            Note($"Credentials are set: {string.Join(", ", Required)}.");
        }
    }
}
