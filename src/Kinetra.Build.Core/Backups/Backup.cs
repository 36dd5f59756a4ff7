namespace Kinetra.Build.Core.Backups;

/// <summary>A backup that can be restored.</summary>
/// <param name="Path">The backup, as the user would write it.</param>
/// <param name="OriginalPath">The file that it is a backup of, as the user wrote it.</param>
/// <param name="Sha256">The digest of its content, in lower-case hex.</param>
/// <param name="Timestamp">When it was made, UTC.</param>
public sealed record Backup(string Path, string OriginalPath, string Sha256, DateTimeOffset Timestamp);
