using Kinetra.Build.Core.Backups;

namespace Kinetra.Build.Core.Tests.Backups;

/// <summary>What should be on the disk, kept in memory in the plainest way.</summary>
internal sealed class ProtectedFilesModel
{
    public const UnixFileMode Wide = (UnixFileMode)0b110_100_100;

    /// <summary>The files, two of them with one name in different folders, and two whose names begin alike.</summary>
    public static readonly string[] Paths = ["a/x", "b/x", "a/x.old"];

    public ModelFile[] Files { get; } = [.. Paths.Select(_ => new ModelFile())];

    /// <summary>What the clock says.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Adds a backup of a file as it is, then forgets the expired ones.</summary>
    /// <returns>The backup; its name is seen on the disk.</returns>
    public ModelBackup BackUp(ModelFile file, BackupRotation rotation, bool replaced = false)
    {
        ModelBackup backup = new(file.Content!, file.Mode, Now, replaced);
        file.Backups.Add(backup);
        foreach (bool kind in new[] { false, true })
        {
            ModelBackup[] older = [.. file.Backups.Where(b => b.Replaced == kind).SkipLast(1)];
            ModelBackup[] excess = rotation.Keep is { } keep ? [.. older.SkipLast(keep - 1)] : [];
            ModelBackup[] aged = rotation.MaxAge is { } age ? [.. older.Where(b => Now - b.Time > age)] : [];
            file.Backups.RemoveAll(b => excess.Contains(b) || aged.Contains(b));
        }

        return backup;
    }
}

/// <summary>A file in the model.</summary>
internal sealed class ModelFile
{
    /// <summary>Its content; null if there is no file.</summary>
    public string? Content { get; set; }

    /// <summary>Its mode, if it exists.</summary>
    public UnixFileMode Mode { get; set; }

    /// <summary>Whether a directory is in its place.</summary>
    public bool IsDirectory { get; set; }

    /// <summary>The content that was recorded; null if none was.</summary>
    public string? Recorded { get; set; }

    /// <summary>Its backups, in the order in which they were made.</summary>
    public List<ModelBackup> Backups { get; } = [];

    /// <summary>The newest backup, of those that are no later than a time, if one is given.</summary>
    public ModelBackup? Newest(DateTimeOffset? latest) => Backups.LastOrDefault(b => !b.Replaced && (latest is null || b.Time <= latest));

    /// <summary>The newest backup with a content.</summary>
    public ModelBackup? Holding(string content) =>
        Backups.LastOrDefault(b => b.Content == content && b.OnDisk == content) ?? Backups.LastOrDefault(b => b.Content == content);
}

/// <summary>A backup in the model.</summary>
/// <param name="Content">What was backed up.</param>
/// <param name="Mode">The file's mode then.</param>
/// <param name="Time">When.</param>
/// <param name="Replaced">Whether a restore made it.</param>
internal sealed record ModelBackup(string Content, UnixFileMode Mode, DateTimeOffset Time, bool Replaced)
{
    /// <summary>Its path relative to the project, once it is known.</summary>
    public string Path { get; set; } = "";

    /// <summary>What its file holds: something else than the content if it was damaged.</summary>
    public string OnDisk { get; set; } = Content;

    /// <summary>Two backups are never one, even if they are alike.</summary>
    public bool Equals(ModelBackup? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
