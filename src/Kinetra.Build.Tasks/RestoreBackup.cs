using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Restores a file from one of its backups: verified before anything is replaced, atomic, and undoable, as what is
/// replaced is backed up first.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class RestoreBackup : KinetraTask
{
    /// <summary>The file, relative to the project. It need not exist.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The backup to restore, as <c>BackupFile</c> returned it. Default: the newest that no restore made.</summary>
    public string? Backup { get; set; }

    /// <summary>Restore the newest backup not later than this: <c>20261123_045501</c> or ISO 8601, UTC unless it has an offset. Not together with Backup.</summary>
    public string? At { get; set; }

    /// <summary>The backup that was restored.</summary>
    [Output]
    public string? RestoredFrom { get; private set; }

    /// <summary>The SHA-256 of the restored content, in lower-case hex.</summary>
    [Output]
    public string? Sha256 { get; private set; }

    private protected override void Run()
    {
        FilePath file = Resolve(File);
        RestoreResult result = ProtectedFiles.Restore(file, Chosen(), new WriteOptions(Backup: true, Checksum: Settings.EnableChecksums));
        (RestoredFrom, Sha256) = (result.Restored.Path, result.Restored.Sha256);
        Say($"{File} restored from {RestoredFrom}.{(result.Replaced is { } replaced ? $" What it held is in {replaced.Path}." : "")}");
        Report(GitIgnoreGuard.Check(file));
        WarnOfOtherNames(File, "restored", result.OtherNames);
    }

    private BackupChoice Chosen() => (Backup, At) switch
    {
        (null, null) => BackupChoice.Newest,
        ({ } backup, null) => BackupChoice.Exactly(Resolve(backup)),
        (null, { } time) => BackupChoice.NotLaterThan(nameof(At), time),
        _ => throw new KinetraException(DiagnosticCodes.InvalidValue, $"{File}: Backup and At are both given. Give one of them."),
    };
}
