namespace Kinetra.Build.Core.Backups;

/// <summary>A backup as its folder's manifest lists it, or a manifest that cannot be read.</summary>
/// <param name="Path">The backup, or the manifest, as the user would write it.</param>
/// <param name="OriginalPath">The file that it is a backup of: relative to the project, <c>@root/…</c> outside of it; null for a manifest.</param>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsEncrypted">Whether it is encrypted.</param>
/// <param name="IsReplaced">Whether it is what a restore replaced.</param>
/// <param name="Problem">Why the manifest cannot be read, or an expired backup not be removed; null if there is nothing.</param>
public sealed record BackupListing(string Path, string? OriginalPath, DateTimeOffset Timestamp, long Size, bool IsEncrypted, bool IsReplaced, KinetraException? Problem = null);
