namespace Kinetra.Build.Core.Backups;

/// <summary>A backup that can be restored.</summary>
/// <param name="Path">The backup, as the user would write it.</param>
/// <param name="OriginalPath">The file that it is a backup of, as the user wrote it.</param>
/// <param name="Sha256">The digest of the content that it brings back, in lower-case hex.</param>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Problem">What to warn of though the backup is good: an expired one could not be removed. Null if there is nothing.</param>
public sealed record Backup(string Path, string OriginalPath, string Sha256, DateTimeOffset Timestamp, KinetraException? Problem = null);
