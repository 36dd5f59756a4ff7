using System.Globalization;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// Backups of a project's files at <c>{backup directory}/{dir/}{filename}.{YYYYMMDD_HHMMSS}.bak</c> (UTC;
/// <c>-002</c>, <c>-003</c> … before <c>.bak</c> within one second), readable by their owner alone. A manifest in each
/// folder gives their order and digests; a backup counts only once it has been read back and found equal.
/// </summary>
public sealed class BackupStore
{
    private const string TimestampFormat = "yyyyMMdd_HHmmss";

    private readonly FilePath _directory;
    private readonly string _projectDirectory;
    private readonly TimeProvider _time;

    /// <summary>Opens the store; nothing is created before the first backup.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="projectDirectory">The project's directory, absolute.</param>
    /// <param name="time">The clock for names and ages.</param>
    public BackupStore(FilePath directory, string projectDirectory, TimeProvider time) =>
        (_directory, _projectDirectory, _time) = (directory, projectDirectory, time);

    /// <summary>Makes a verified backup of a file, then removes the expired ones.</summary>
    /// <param name="file">A regular file.</param>
    /// <param name="rotation">Which older backups go.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.NothingToBackUp"/>, <see cref="DiagnosticCodes.BackupFailed"/> or
    /// <see cref="DiagnosticCodes.CorruptManifest"/>; no backup is left behind then.
    /// </exception>
    public Backup Create(FilePath file, BackupRotation rotation) => Create(file, rotation, replaced: false);

    internal Backup Create(FilePath file, BackupRotation rotation, bool replaced)
    {
        (FilePath folder, string path) = PlaceOf(file);
        try
        {
            PrivateStore.Ensure(_directory, "# Backups, perhaps of secrets: local to this machine.");
            NativeFile.CreateDirectory(folder.Full, UnixMode.PrivateDirectory);
            using FileLock held = Locks.Acquire(folder, "manifest.lock");
            BackupManifest manifest = BackupManifest.Read(folder);
            BackupRecord record = Copy(file, folder, path, manifest.NextSequence, replaced);
            Record(folder, manifest, record);
            Verify(file, folder, manifest, record);
            Rotate(folder, path, manifest, rotation);
            return ToBackup(file, folder.Combine(record.Backup), record);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.FileMissing or DiagnosticCodes.UnusablePath)
        {
            throw new KinetraException(DiagnosticCodes.NothingToBackUp, $"{file} cannot be backed up. {error.Message}", error);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WriteFailed or DiagnosticCodes.FileUnreadable or DiagnosticCodes.DurabilityUnknown or DiagnosticCodes.StateUnwritable)
        {
            throw new KinetraException(DiagnosticCodes.BackupFailed, $"The backup of {file} failed. {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.BackupFailed, $"The backup of {file} failed: {Errno.Describe(error)}. Check that {_directory} is a writable directory.", error);
        }
    }

    /// <summary>The backup to restore.</summary>
    /// <param name="file">The file.</param>
    /// <param name="choice">Which of its backups.</param>
    /// <returns>The folder and the record.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoBackup"/> or <see cref="DiagnosticCodes.ForeignBackup"/>.</exception>
    internal (FilePath Content, BackupRecord Record) Find(FilePath file, BackupChoice choice)
    {
        (FilePath folder, string path) = PlaceOf(file);
        folder = choice.FolderFor(folder);
        BackupRecord[] records = [.. BackupManifest.Read(folder).Records.Where(r => r.File == path)];
        BackupRecord? record = choice.Pick(records, folder, file);
        return record is null
            ? throw new KinetraException(DiagnosticCodes.NoBackup, $"There is no backup of {file}{choice.Describe()} below {_directory}. Write the file anew; BackupFile, or AtomicWriteFile over an existing file, makes backups.")
            : (folder.Combine(record.Backup), record);
    }

    internal static Backup ToBackup(FilePath file, FilePath content, BackupRecord record) =>
        new(content.Display, file.Display, record.Sha256, record.Timestamp);

    private BackupRecord Copy(FilePath file, FilePath folder, string path, long sequence, bool replaced)
    {
        string name = Path.GetFileName(path);
        DateTimeOffset now = _time.GetUtcNow();
        string stamp = now.ToString(TimestampFormat, CultureInfo.InvariantCulture);
        UnixFileMode? mode = null;
        if (!OperatingSystem.IsWindows() && File.Exists(file.Full))
        {
            mode = File.GetUnixFileMode(file.Full);
        }

        using AtomicFile copy = AtomicFile.Create(folder.Combine("backup"), UnixMode.Private);
        copy.CopyFrom(file);
        string sha256 = copy.Seal();
        for (int number = 1; ; number++)
        {
            string backup = BoundedName.WithSuffix(name, number == 1 ? $".{stamp}.bak" : $".{stamp}-{number:000}.bak");
            if (copy.TryCommitNew(folder.Combine(backup)))
            {
                return new BackupRecord(sequence, path, backup, sha256, new FileInfo(folder.Combine(backup).Full).Length, now, mode, replaced);
            }
        }
    }

    // A backup that no manifest knows could never be restored, and might hold secrets for ever.
    private static void Record(FilePath folder, BackupManifest manifest, BackupRecord record)
    {
        try
        {
            manifest.Add(record);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WriteFailed)
        {
            File.Delete(folder.Combine(record.Backup).Full);
            throw;
        }
    }

    // What the disk holds is what counts: read it back before anything relies on it.
    private static void Verify(FilePath file, FilePath folder, BackupManifest manifest, BackupRecord record)
    {
        FilePath backup = folder.Combine(record.Backup);
        if (FileDigest.Compute(backup) != record.Sha256)
        {
            manifest.Remove([record]);
            File.Delete(backup.Full);
            throw new KinetraException(DiagnosticCodes.BackupFailed, $"The backup of {file} read back differently from what was written. Check the disk below {folder}.");
        }
    }

    private void Rotate(FilePath folder, string path, BackupManifest manifest, BackupRotation rotation)
    {
        IReadOnlyList<BackupRecord> expired = rotation.Expired([.. manifest.Records.Where(r => r.File == path)], _time.GetUtcNow());
        if (expired.Count == 0)
        {
            return;
        }

        // Files first: a record without its file says so when it is wanted, a file without its record would stay for ever.
        foreach (BackupRecord record in expired)
        {
            File.Delete(folder.Combine(record.Backup).Full);
        }

        manifest.Remove(expired);
    }

    // The folder of a file's backups, and the file as the manifest there knows it.
    private (FilePath Folder, string Path) PlaceOf(FilePath file)
    {
        string relative = ProjectRelativePath.Of(_projectDirectory, file.Full);
        string? folder = Path.GetDirectoryName(relative);
        return (string.IsNullOrEmpty(folder) ? _directory : _directory.Combine(folder), relative.Replace('\\', '/'));
    }
}
