using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// Writes and restores files so that their backups and checksums stay true: the old content is backed up before it is
/// replaced, and file and record change together under one lock. Whatever fails, fails before the file is touched.
/// </summary>
public sealed class ProtectedFiles
{
    private readonly ChecksumStore _checksums;
    private readonly BackupStore _backups;
    private readonly BackupRotation _rotation;

    /// <summary>Combines the two stores of a project.</summary>
    /// <param name="checksums">Where checksums are recorded.</param>
    /// <param name="backups">Where backups go.</param>
    /// <param name="rotation">Which older backups a new one removes.</param>
    public ProtectedFiles(ChecksumStore checksums, BackupStore backups, BackupRotation rotation) =>
        (_checksums, _backups, _rotation) = (checksums, backups, rotation);

    /// <summary>Writes a file atomically and durably.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="options">What goes with it.</param>
    /// <exception cref="KinetraException">A coded error; the file is unchanged unless the code is <see cref="DiagnosticCodes.DurabilityUnknown"/>.</exception>
    public WriteResult Write(FilePath file, FileContent content, WriteOptions options)
    {
        if (options.OnlyIfChanged && IsUnchanged(file, content, options) is { } same)
        {
            return new WriteResult(same, null, Changed: false, OtherNames: 0);
        }

        using AtomicFile next = AtomicFile.Create(file, options.Mode);
        content.CopyTo(next);
        string sha256 = next.Seal();

        using FileLock held = _checksums.Lock();
        Backup? backup = options.Backup && TargetFile.Status(file) is not null ? BackUp(file) : null;
        Replace(file, next, sha256, options.Checksum);
        return new WriteResult(sha256, backup, Changed: true, next.OtherNames);
    }

    /// <summary>
    /// Changes a file as <see cref="Write"/> does, with the lock held from before it is read, so that of two changes neither is lost. A file
    /// that does not have its recorded content is refused, as the change would accept what somebody else did.
    /// </summary>
    /// <param name="file">The file; it need not exist.</param>
    /// <param name="change">Reads the file and gives its new content. Must not use the checksums.</param>
    /// <param name="options">What goes with it; <see cref="WriteOptions.OnlyIfChanged"/> means nothing here.</param>
    /// <exception cref="KinetraException">As for <see cref="Write"/>, or <see cref="DiagnosticCodes.ChecksumMismatch"/>; the file is unchanged then.</exception>
    public WriteResult Update(FilePath file, Func<FileContent> change, WriteOptions options)
    {
        using FileLock held = _checksums.Lock();
        TargetFile.RefuseUnlessRegular(file);
        bool exists = TargetFile.Status(file) is not null;
        if (exists && options.Checksum && _checksums.Verify(file, FileDigest.Compute(file)) == false)
        {
            throw _checksums.Mismatch(file);
        }

        FileContent content = change();
        using AtomicFile next = AtomicFile.Create(file, options.Mode);
        content.CopyTo(next);
        string sha256 = next.Seal();
        Backup? backup = options.Backup && exists ? BackUp(file) : null;
        Replace(file, next, sha256, options.Checksum);
        return new WriteResult(sha256, backup, Changed: true, next.OtherNames);
    }

    /// <summary>Whether there is a backup of a file's content.</summary>
    internal bool HasBackup(FilePath file, string sha256) => _backups.Holds(file, sha256, TargetFile.Status(file)?.Size ?? 0);

    /// <summary>Makes a backup, with the rotation that goes with writes.</summary>
    internal Backup BackUp(FilePath file) => _backups.Create(file, _rotation);

    /// <summary>
    /// Restores a file from a backup: verified before anything is replaced, atomic, and undoable, as what is replaced is
    /// backed up first. A file that already has the backup's content and mode is left alone.
    /// </summary>
    /// <param name="file">The file; it need not exist.</param>
    /// <param name="choice">Which backup.</param>
    /// <param name="options">Whether to back up what is replaced and to record the checksum.</param>
    /// <returns>The backup that was restored, and the one of what it replaced.</returns>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.NoBackup"/>, <see cref="DiagnosticCodes.ForeignBackup"/>,
    /// <see cref="DiagnosticCodes.CorruptBackup"/> or an error of the write; the file is unchanged then.
    /// </exception>
    public RestoreResult Restore(FilePath file, BackupChoice choice, WriteOptions options)
    {
        KinetraException? first = null;
        foreach ((FilePath content, BackupRecord record) in _backups.Find(file, choice))
        {
            try
            {
                if (Restore(file, content, record, choice, options) is { } result)
                {
                    return result;
                }
            }
            catch (KinetraException error) when (choice.TakesAnother && error.Code is DiagnosticCodes.CorruptBackup or DiagnosticCodes.WrongKey or DiagnosticCodes.KeyNeeded)
            {
                first ??= error;
            }
        }

        throw first ?? _backups.Nothing(file, choice);
    }

    private RestoreResult? Restore(FilePath file, FilePath content, BackupRecord record, BackupChoice choice, WriteOptions options)
    {
        using AtomicFile next = AtomicFile.Create(file, record.Mode);
        string sha256 = _backups.Read(content, record, next);
        if (!choice.Accepts(sha256))
        {
            return null;
        }

        using FileLock held = _checksums.Lock();
        Backup? replaced = null;
        int otherNames = 0;
        bool exists = TargetFile.Status(file) is not null;
        if (!exists || !HasMode(file, record.Mode) || FileDigest.Compute(file) != sha256)
        {
            replaced = options.Backup && exists ? _backups.Create(file, BackupRotation.None, replaced: true) : null;
            Replace(file, next, sha256, options.Checksum);
            otherNames = next.OtherNames;
        }
        else if (options.Checksum)
        {
            _checksums.Record(file, sha256);
        }

        return new RestoreResult(BackupStore.ToBackup(file, content, record, sha256), replaced, otherNames);
    }

    private void Replace(FilePath file, AtomicFile next, string sha256, bool checksum)
    {
        // Only now: the disk has worked at it while the backup was made.
        next.Flush();
        Announcement? announced = checksum ? _checksums.Announce(file, sha256, next.Length) : null;
        try
        {
            next.Commit();
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.WriteFailed)
        {
            announced?.Withdraw();
            throw;
        }

        announced?.Finish();
    }

    // The digest if the file is as it should be; its checksum is recorded then as a write would have done.
    private string? IsUnchanged(FilePath file, FileContent content, WriteOptions options)
    {
        TargetFile.RefuseUnlessRegular(file);
        using FileLock held = _checksums.Lock();
        if (TargetFile.Status(file) is null || !HasMode(file, options.Mode))
        {
            return null;
        }

        string sha256 = content.Digest();
        if (FileDigest.Compute(file) != sha256)
        {
            return null;
        }

        if (options.Checksum && _checksums.Verify(file, sha256) != true)
        {
            _checksums.Record(file, sha256);
        }

        return sha256;
    }

    private static bool HasMode(FilePath file, UnixFileMode? mode) =>
        mode is null || OperatingSystem.IsWindows() || TargetFile.Status(file)?.Mode == mode;
}

/// <summary>What goes with a write.</summary>
/// <param name="Backup">Back up the old content first.</param>
/// <param name="Checksum">Record the new content's checksum.</param>
/// <param name="OnlyIfChanged">Leave a file with equal content alone, its time included.</param>
/// <param name="Mode">The file's mode; null keeps the old one, or follows the umask for a new file.</param>
public sealed record WriteOptions(bool Backup, bool Checksum, bool OnlyIfChanged = false, UnixFileMode? Mode = null);

/// <summary>What a write did.</summary>
/// <param name="Sha256">The digest of the content, in lower-case hex.</param>
/// <param name="Backup">The backup of the old content; null if there was none or none was asked for.</param>
/// <param name="Changed">False if the file already had that content and was left alone.</param>
/// <param name="OtherNames">How many further names (hard links) the replaced file has; they keep the old content.</param>
public sealed record WriteResult(string Sha256, Backup? Backup, bool Changed, int OtherNames);

/// <summary>What a restore did.</summary>
/// <param name="Restored">The backup whose content the file has now.</param>
/// <param name="Replaced">The backup of what it held before; null if it did not exist, or had that content already.</param>
/// <param name="OtherNames">How many further names (hard links) the replaced file has; they keep the old content.</param>
public sealed record RestoreResult(Backup Restored, Backup? Replaced, int OtherNames);
