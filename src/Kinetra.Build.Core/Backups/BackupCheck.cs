namespace Kinetra.Build.Core.Backups;

/// <summary>What a look at one backup, or at the manifest of a folder, has shown.</summary>
/// <param name="Path">The backup, or the manifest that cannot be read, as the user would write it.</param>
/// <param name="OriginalPath">The file that it is a backup of, relative to the project; null for a manifest.</param>
/// <param name="Timestamp">When it was made, UTC; null for a manifest.</param>
/// <param name="Problem">Why it could not be restored; null if it could.</param>
public sealed record BackupCheck(string Path, string? OriginalPath, DateTimeOffset? Timestamp, KinetraException? Problem);
