using Kinetra.Build.Core;
using Kinetra.Build.Core.Keys;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// The keys that a project names, from the environment of the build. Each is read once in a build, as a passphrase takes
/// some tenths of a second.
/// </summary>
internal sealed class ProjectKeys
{
    private readonly Lazy<SecretKey?> _backups;
    private readonly Lazy<SecretKey?> _checksums;

    private ProjectKeys(ProjectSettings settings)
    {
        _backups = new Lazy<SecretKey?>(() => Read(settings.BackupKeyVariable, "KinetraBackupKeyVariable", SecretKey.Parse));
        _checksums = new Lazy<SecretKey?>(() => Read(settings.ChecksumKeyVariable, "KinetraChecksumKeyVariable", SecretKey.ParseForSigning));
    }

    /// <summary>Encrypts backups; null if none is named.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public SecretKey? Backups => _backups.Value;

    /// <summary>Signs checksum records; null if none is named.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public SecretKey? Checksums => _checksums.Value;

    /// <summary>The keys of the project that a task runs in.</summary>
    public static ProjectKeys Of(IBuildEngine engine, ProjectSettings settings)
    {
        // The names tell two projects of one build apart; the environment is the same for both.
        string id = $"Kinetra.Build.Keys|{settings.BackupKeyVariable}|{settings.ChecksumKeyVariable}";
        if (engine is not IBuildEngine4 registry)
        {
            return new ProjectKeys(settings);
        }

        if (registry.GetRegisteredTaskObject(id, RegisteredTaskObjectLifetime.Build) is not ProjectKeys keys)
        {
            keys = new ProjectKeys(settings);
            registry.RegisterTaskObject(id, keys, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        }

        return keys;
    }

    /// <summary>Reads all that are named, so that one that is missing is an error before anything runs.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public void Validate() => _ = (Backups, Checksums);

    private static SecretKey? Read(string variable, string setting, Func<string, string, string?, SecretKey> parse) =>
        variable.Length == 0 ? null : parse(setting, variable, ProcessEnvironment.Read().GetValueOrDefault(variable));
}
