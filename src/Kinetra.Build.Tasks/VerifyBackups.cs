using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>
/// A restore drill: reads every backup of the project to its end, decrypts it and compares it with the manifest. Each one
/// that could not be restored is an error; nothing is changed.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyBackups : KinetraTask
{
    /// <summary>Where the backups are. Default: <c>KinetraBackupDirectory</c>.</summary>
    public string? BackupDirectory { get; set; }

    /// <summary>The backups that can be restored; metadata <c>OriginalPath</c>, <c>Timestamp</c> (ISO 8601, UTC).</summary>
    [Output]
    public ITaskItem[] GoodBackups { get; private set; } = [];

    /// <summary>The backups that cannot, with the same metadata, and manifests that cannot be read; metadata <c>Code</c> says why.</summary>
    [Output]
    public ITaskItem[] BadBackups { get; private set; } = [];

    private protected override void Run()
    {
        BackupStore store = string.IsNullOrEmpty(BackupDirectory) ? BackupStore : BackupsIn(Resolve(BackupDirectory));
        BackupCheck[] checks = [.. store.VerifyAll()];
        GoodBackups = [.. checks.Where(check => check.Problem is null).Select(ToItem)];
        BadBackups = [.. checks.Where(check => check.Problem is not null).Select(ToItem)];
        foreach (BackupCheck bad in checks.Where(check => check.Problem is not null))
        {
            Error(bad.Problem!);
        }

        string directory = string.IsNullOrEmpty(BackupDirectory) ? Settings.BackupDirectory.Display : BackupDirectory;
        Say(checks.Length == 0
            ? $"There are no backups in {directory}."
            : string.Create(CultureInfo.InvariantCulture, $"Backups in {directory}: {GoodBackups.Length} good, {BadBackups.Length} bad."));
    }

    private static TaskItem ToItem(BackupCheck check)
    {
        TaskItem item = new(check.Path);
        item.SetMetadata("OriginalPath", check.OriginalPath ?? "");
        item.SetMetadata("Timestamp", check.Timestamp?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "");
        item.SetMetadata("Code", check.Problem?.Code ?? "");
        return item;
    }
}
