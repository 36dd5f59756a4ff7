namespace Kinetra.Build.Core.Backups;

/// <summary>
/// How many backups of a file are kept. The newest is always kept. What restores replaced is counted by itself, so that it
/// never drives out a backup that was made on purpose.
/// </summary>
/// <param name="Keep">The number to keep, 1 or more; null keeps all.</param>
/// <param name="MaxAge">Older ones are removed; null keeps any age.</param>
public sealed record BackupRotation(int? Keep = null, TimeSpan? MaxAge = null)
{
    /// <summary>Keeps everything.</summary>
    public static BackupRotation None { get; } = new();

    /// <summary>Those to be removed.</summary>
    /// <param name="records">The backups of one file, oldest first.</param>
    /// <param name="now">The time that ages count from.</param>
    internal IReadOnlyList<BackupRecord> Expired(IReadOnlyList<BackupRecord> records, DateTimeOffset now) =>
        [.. ExpiredOf([.. records.Where(r => !r.Replaced)], now), .. ExpiredOf([.. records.Where(r => r.Replaced)], now)];

    private IEnumerable<BackupRecord> ExpiredOf(IReadOnlyList<BackupRecord> records, DateTimeOffset now)
    {
        int newest = records.Count - 1;
        return records.Where((record, index) => index < newest && (index <= newest - Keep || now - record.Timestamp > MaxAge));
    }
}
