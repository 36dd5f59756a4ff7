using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>What to do with a file that has no recorded checksum.</summary>
public enum MissingBaseline
{
    /// <summary>Record the content as it is, and say so.</summary>
    Record,

    /// <summary>Refuse it.</summary>
    Fail,
}

/// <summary>What to do with a file whose content is not the recorded one.</summary>
public enum Mismatch
{
    /// <summary>It is an error.</summary>
    Fail,

    /// <summary>It is a warning; the file and the record stay as they are.</summary>
    Warn,

    /// <summary>The newest backup with the recorded content is restored, with a warning.</summary>
    Restore,
}

/// <summary>How a verified file was found.</summary>
/// <param name="IsValid">Whether it now has the content that it should have.</param>
/// <param name="Recorded">Whether its checksum was recorded for the first time.</param>
/// <param name="Restored">The backup that it was restored from; null if it was not.</param>
/// <param name="Problem">What to report; null if there is nothing. A warning if the file is valid now or the user said so.</param>
/// <param name="BackedUp">The backup that was made because there was none of a content that may have to be restored one day; null if none was made.</param>
/// <param name="OtherNames">How many further names (hard links) the file has that a restore replaced; they keep the old content.</param>
public sealed record IntegrityResult(bool IsValid, bool Recorded = false, Backup? Restored = null, KinetraException? Problem = null, Backup? BackedUp = null, int OtherNames = 0);

/// <summary>Verifies files against their recorded or an expected checksum, and restores them if that is wanted.</summary>
public sealed class IntegrityCheck
{
    private readonly ChecksumStore _checksums;
    private readonly ProtectedFiles _files;
    private readonly bool _records;
    private readonly bool _backsUp;

    /// <summary>Combines what a check needs.</summary>
    /// <param name="checksums">The recorded checksums.</param>
    /// <param name="files">Restores files.</param>
    /// <param name="records">Whether a restored file's checksum is recorded.</param>
    /// <param name="backsUp">Whether a file that is to be restored if it changes is backed up when it is recorded for the first time.</param>
    public IntegrityCheck(ChecksumStore checksums, ProtectedFiles files, bool records = true, bool backsUp = true) =>
        (_checksums, _files, _records, _backsUp) = (checksums, files, records, backsUp);

    /// <summary>Verifies a file. A changed file is never recorded as the new baseline.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">The digest it should have; null for the recorded one.</param>
    /// <param name="missing">What to do if none is recorded.</param>
    /// <param name="mismatch">What to do if the content is another.</param>
    /// <exception cref="KinetraException">
    /// The file or its record cannot be read, or it could not be restored; it is unchanged then.
    /// </exception>
    public IntegrityResult Verify(FilePath file, string? expected, MissingBaseline missing, Mismatch mismatch)
    {
        TargetFile.RefuseUnlessRegular(file);
        bool exists = TargetFile.Status(file) is not null;
        ChecksumRecord? record = expected is null ? _checksums.Find(file) : new ChecksumRecord(expected, null);
        if (!exists && (record is null || mismatch != Mismatch.Restore))
        {
            throw new KinetraException(DiagnosticCodes.FileMissing, $"{file} does not exist. {(record is null ? "Create it, or correct the path." : "Restore it with RestoreBackup, or with OnMismatch=\"Restore\".")}");
        }

        if (record is null)
        {
            return First(file, missing, mismatch);
        }

        if (exists && Matches(file, expected, record) is { } digest)
        {
            return new IntegrityResult(IsValid: true, BackedUp: mismatch == Mismatch.Restore ? EnsureBackup(file, digest) : null);
        }

        return mismatch == Mismatch.Restore ? Restore(file, record, exists, expected is null ? "that was recorded" : "that was expected") : new IntegrityResult(IsValid: false, Problem: Changed(file, expected));
    }

    /// <summary>
    /// Backs a file up, and says so if that is not the content that was recorded. It may have been changed on purpose, so it is
    /// backed up all the same.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <returns>
    /// The backup, and what to warn of: <see cref="DiagnosticCodes.BackedUpMismatch"/>, or that the record cannot be read. Null if
    /// there is nothing, as for a file without a record.
    /// </returns>
    /// <exception cref="KinetraException">It could not be backed up.</exception>
    public (Backup Backup, KinetraException? Problem) BackUp(FilePath file)
    {
        (ChecksumRecord? before, KinetraException? unreadable) = TryFind(file);
        Backup backup = _files.BackUp(file);
        if (before is null || before.Accepts(backup.Sha256))
        {
            return (backup, unreadable);
        }

        // With another record the workflow has written the file meanwhile, and nothing is wrong with it.
        (ChecksumRecord? after, unreadable) = TryFind(file);
        return (backup, after == before ? BackedUpMismatch(file, backup) : unreadable);
    }

    private (ChecksumRecord? Record, KinetraException? Problem) TryFind(FilePath file)
    {
        try
        {
            return (_checksums.Find(file), null);
        }
        catch (KinetraException error)
        {
            return (null, error);
        }
    }

    private KinetraException BackedUpMismatch(FilePath file, Backup backup) =>
        new(DiagnosticCodes.BackedUpMismatch, $"{file} does not have the content that was recorded: it was changed outside the workflow. It was backed up all the same, to {backup.Path}, and RestoreBackup takes that for the newest. If the change is right, {_checksums.HowToAccept(file)}; if not, restore what was recorded (VerifyChecksum with OnMismatch=\"Restore\").");

    private IntegrityResult First(FilePath file, MissingBaseline missing, Mismatch mismatch)
    {
        if (missing == MissingBaseline.Fail)
        {
            return new IntegrityResult(IsValid: false, Problem: new KinetraException(DiagnosticCodes.NoBaseline, $"{file} has no recorded checksum to compare with. Check its content, then record it once with OnMissingBaseline=\"Record\", or give ExpectedChecksum."));
        }

        // The backup first: a recorded file without one could not be restored.
        using FileLock held = _checksums.Lock();
        string sha256 = FileDigest.Compute(file);
        Backup? backup = mismatch == Mismatch.Restore ? EnsureBackup(file, sha256) : null;
        _checksums.Record(file, sha256);
        return new IntegrityResult(IsValid: true, Recorded: true, BackedUp: backup);
    }

    // Returns the digest, if it is the right one.
    private string? Matches(FilePath file, string? expected, ChecksumRecord record)
    {
        // A file and a record that agree are right whatever goes on beside; so many files can be looked at at the same time.
        string digest = FileDigest.Compute(file);
        if (expected is not null || (record.Pending is null && Sha256Text.AreEqual(record.Current, digest)))
        {
            return record.Accepts(digest) ? digest : null;
        }

        // Else under the lock, as a writer changes file and record one after the other.
        using FileLock held = _checksums.Lock();
        digest = FileDigest.Compute(file);
        return _checksums.Verify(file, digest) == true ? digest : null;
    }

    // What may have to be restored one day is backed up while it is good: a file that was written once has no backup yet.
    private Backup? EnsureBackup(FilePath file, string sha256) =>
        _backsUp && !_files.HasBackup(file, sha256) ? _files.BackUp(file) : null;

    private IntegrityResult Restore(FilePath file, ChecksumRecord record, bool exists, string which)
    {
        string what = exists ? $"does not have the content {which}" : "is gone";
        try
        {
            RestoreResult result = _files.Restore(file, BackupChoice.WithContent(record), new WriteOptions(Backup: true, Checksum: _records));
            string kept = result.Replaced is { } replaced ? $" What it held is in {replaced.Path}; if that change was right, copy it back and {_checksums.HowToAccept(file)}." : "";
            return new IntegrityResult(IsValid: true, Restored: result.Restored, Problem: new KinetraException(DiagnosticCodes.RestoredFromBackup, $"{file} {what}. It was restored from {result.Restored.Path}.{kept}"), OtherNames: result.OtherNames);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.NoBackup)
        {
            throw new KinetraException(DiagnosticCodes.NoBackup, $"{file} {what}, and cannot be restored. {error.Message}", error);
        }
    }

    private KinetraException Changed(FilePath file, string? expected) => expected is null
        ? _checksums.Mismatch(file)
        : new KinetraException(DiagnosticCodes.ChecksumMismatch, $"{file} does not have the expected checksum {expected}. Fetch it again, or correct ExpectedChecksum.");
}
