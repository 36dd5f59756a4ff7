using System.Globalization;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>Which backup of a file is meant.</summary>
public abstract class BackupChoice
{
    private static readonly (string Form, TimeSpan Unit)[] Forms =
    [
        ("yyyyMMdd_HHmmss", TimeSpan.FromSeconds(1)),
        ("yyyy-MM-dd", TimeSpan.FromDays(1)),
        ("yyyy-MM-ddTHH:mmK", TimeSpan.FromMinutes(1)),
        ("yyyy-MM-dd HH:mmK", TimeSpan.FromMinutes(1)),
        ("yyyy-MM-ddTHH:mm:ssK", TimeSpan.FromSeconds(1)),
        ("yyyy-MM-dd HH:mm:ssK", TimeSpan.FromSeconds(1)),
        ("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", TimeSpan.FromTicks(1)),
    ];

    /// <summary>The newest one. What a restore replaced does not count.</summary>
    public static BackupChoice Newest { get; } = new ByTime(null);

    /// <summary>The newest one not later than a time. What a restore replaced does not count.</summary>
    /// <param name="name">The parameter that the time comes from.</param>
    /// <param name="text"><c>YYYYMMDD_HHMMSS</c> as in a backup's name, or ISO 8601; UTC unless it has an offset. A whole second, minute or day is meant to its end.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static BackupChoice NotLaterThan(string name, string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        foreach ((string form, TimeSpan unit) in Forms)
        {
            if (DateTimeOffset.TryParseExact(text.Trim(), form, CultureInfo.InvariantCulture, Utc, out DateTimeOffset time))
            {
                // What is written with whole seconds, or minutes, or days, means them to their end.
                return new ByTime(time + unit - TimeSpan.FromTicks(1));
            }
        }

        throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a time. Write 20261123_045501 as in a backup's name, or 2026-11-23T04:55:01Z.");
    }

    /// <summary>One particular backup.</summary>
    /// <param name="backup">Its file.</param>
    public static BackupChoice Exactly(FilePath backup) => new ByPath(backup);

    /// <summary>The newest one with a given content.</summary>
    /// <param name="record">The content's checksum record.</param>
    public static BackupChoice WithContent(ChecksumRecord record) => new ByContent(record);

    /// <summary>Where to look, given where the project's backups of the file are.</summary>
    internal virtual FilePath FolderFor(FilePath folder) => folder;

    /// <summary>The backups that may be meant, the best one first.</summary>
    /// <param name="records">The backups of the file, oldest first.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="file">The file.</param>
    internal abstract IEnumerable<BackupRecord> Candidates(IReadOnlyList<BackupRecord> records, FilePath folder, FilePath file);

    /// <summary>Whether a candidate with this content, once it is known, is the one.</summary>
    internal virtual bool Accepts(string sha256) => true;

    /// <summary>Whether a candidate that is damaged gives way to the next one.</summary>
    internal virtual bool TakesAnother => false;

    /// <summary>The restriction in words, for "there is no backup of x".</summary>
    internal virtual string Describe() => "";

    private sealed class ByTime(DateTimeOffset? latest) : BackupChoice
    {
        internal override IEnumerable<BackupRecord> Candidates(IReadOnlyList<BackupRecord> records, FilePath folder, FilePath file) =>
            records.Where(r => !r.Replaced && !(r.Timestamp > latest)).TakeLast(1);

        internal override string Describe() => latest is { } time ? $" from {time:yyyy-MM-ddTHH:mm:ssZ} or before" : "";
    }

    private sealed class ByPath(FilePath backup) : BackupChoice
    {
        // It may have been made into another directory (BackupFile BackupDirectory="…"), with a manifest of its own.
        internal override FilePath FolderFor(FilePath folder) =>
            new(Path.GetDirectoryName(backup.Full) ?? backup.Full, Path.GetDirectoryName(backup.Display) is { Length: > 0 } display ? display : ".");

        internal override IEnumerable<BackupRecord> Candidates(IReadOnlyList<BackupRecord> records, FilePath folder, FilePath file) =>
        [
            records.LastOrDefault(r => folder.Combine(r.Backup).Full == backup.Full)
            ?? throw new KinetraException(DiagnosticCodes.ForeignBackup, $"{backup} is not a recorded backup of {file}. Name one of the files that the manifest in {folder} lists for it."),
        ];
    }

    private sealed class ByContent(ChecksumRecord record) : BackupChoice
    {
        // What is in an encrypted one is known only once it is decrypted.
        internal override IEnumerable<BackupRecord> Candidates(IReadOnlyList<BackupRecord> records, FilePath folder, FilePath file) =>
            records.Where(r => r.Encrypted || record.Accepts(r.Sha256)).Reverse();

        internal override bool Accepts(string sha256) => record.Accepts(sha256);

        internal override bool TakesAnother => true;

        internal override string Describe() => " with the recorded content";
    }
}
