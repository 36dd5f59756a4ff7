using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>Makes verified backups of files, readable by their owner alone, and removes expired ones.</summary>
[MSBuildMultiThreadableTask]
public sealed class BackupFile : KinetraTask
{
    private int? _keep;

    /// <summary>The files, relative to the project.</summary>
    [Required]
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Where the backups go. Default: <c>KinetraBackupDirectory</c>.</summary>
    public string? BackupDirectory { get; set; }

    /// <summary>How many backups of each file are kept, 1 or more; the newest always is. Default: <c>KinetraBackupKeep</c>.</summary>
    public int Keep { get => _keep ?? 0; set => _keep = value; }

    /// <summary>Older backups are removed, but never the newest: <c>12h</c>, <c>30d</c> … Default: <c>KinetraBackupMaxAge</c>.</summary>
    public string? MaxAge { get; set; }

    /// <summary>The backups; metadata <c>OriginalPath</c>, <c>Sha256</c>, <c>Timestamp</c> (ISO 8601, UTC).</summary>
    [Output]
    public ITaskItem[] Backups { get; private set; } = [];

    private protected override void Run()
    {
        BackupRotation rotation = Settings.BackupRotation;
        if (_keep is { } keep)
        {
            rotation = keep >= 1
                ? rotation with { Keep = keep }
                : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{nameof(Keep)}: {keep} is not a whole number of 1 or more.");
        }

        if (!string.IsNullOrEmpty(MaxAge))
        {
            rotation = rotation with { MaxAge = Duration.Parse(nameof(MaxAge), MaxAge) };
        }

        FilePath[] files = [.. Files.Select(item => Resolve(item.ItemSpec))];
        BackupStore store = string.IsNullOrEmpty(BackupDirectory) ? BackupStore : BackupsIn(Resolve(BackupDirectory));
        IntegrityCheck? check = Settings.EnableChecksums ? new(Checksums, new ProtectedFiles(Checksums, store, rotation)) : null;
        List<ITaskItem> backups = [];
        foreach (FilePath file in files)
        {
            (Backup backup, KinetraException? mismatch) = check?.BackUp(file) ?? (store.Create(file, rotation), null);
            backups.Add(ToItem(backup));
            Note($"{file} backed up to {backup.Path}.");
            foreach (KinetraException problem in new[] { mismatch, backup.Problem }.OfType<KinetraException>())
            {
                Warning(problem);
            }
        }

        Backups = [.. backups];
    }

    private static TaskItem ToItem(Backup backup) => new(backup.Path, new Dictionary<string, string>
    {
        ["OriginalPath"] = backup.OriginalPath,
        ["Sha256"] = backup.Sha256,
        ["Timestamp"] = backup.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
    });
}
