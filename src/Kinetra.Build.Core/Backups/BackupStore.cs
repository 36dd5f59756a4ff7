using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.ExceptionServices;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// Backups of a project's files at <c>{backup directory}/{dir/}{filename}.{YYYYMMDD_HHMMSS}.bak</c> (UTC;
/// <c>-002</c>, <c>-003</c> … before <c>.bak</c> within one second), readable by their owner alone, encrypted with a key. A
/// manifest in each folder gives their order and digests; a backup counts only once it has been read back and found equal.
/// </summary>
public sealed class BackupStore
{
    private const string TimestampFormat = "yyyyMMdd_HHmmss";

    private readonly FilePath _directory;
    private readonly string _projectDirectory;
    private readonly TimeProvider _time;
    private readonly SecretKey? _key;
    private readonly ManifestCache _manifests = new();

    /// <summary>Opens the store; nothing is created before the first backup.</summary>
    /// <param name="directory">The backup directory.</param>
    /// <param name="projectDirectory">The project's directory, absolute.</param>
    /// <param name="time">The clock for names and ages.</param>
    /// <param name="key">Encrypts new backups and decrypts old ones; null for plain ones.</param>
    public BackupStore(FilePath directory, string projectDirectory, TimeProvider time, SecretKey? key = null) =>
        (_directory, _projectDirectory, _time, _key) = (directory, projectDirectory, time, key);

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
            using FileLock held = Locks.Acquire(folder, "manifest.lock", _time);
            BackupManifest manifest = _manifests.Read(folder);
            IReadOnlyList<BackupRecord> stuck = RemoveLeftovers(folder, manifest);
            (BackupRecord record, string sha256) = Add(file, folder, path, manifest, rotation, stuck, replaced);
            return ToBackup(file, folder.Combine(record.Backup), record, sha256) with { Problem = Problem(folder, RemoveExpired(folder, manifest).Error) };
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
            throw new KinetraException(DiagnosticCodes.BackupFailed, $"The backup of {file} failed: {Errno.Describe(error)}. Check that {_directory} is a writable directory and the disk has room.", error);
        }
    }

    /// <summary>Reads every backup to its end, decrypts it and compares it with the manifest, as a restore would.</summary>
    /// <returns>A result for each backup below the directory, and one for each manifest that cannot be read.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>: the directory cannot be listed.</exception>
    public IEnumerable<BackupCheck> VerifyAll()
    {
        foreach (FilePath folder in Folders())
        {
            (IReadOnlyList<BackupRecord> records, KinetraException? problem) = TryRead(folder);
            if (problem is not null)
            {
                yield return new BackupCheck(folder.Combine(BackupManifest.FileName).Display, null, null, problem);
            }

            foreach (BackupRecord record in records)
            {
                if (Verify(folder, record) is { } check)
                {
                    yield return check;
                }
            }
        }
    }

    /// <summary>All backups below the directory, those of a folder oldest first, as the manifests list them; none is read.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>: the directory cannot be listed.</exception>
    public IEnumerable<BackupListing> List()
    {
        foreach (FilePath folder in Folders())
        {
            (IReadOnlyList<BackupRecord> records, KinetraException? problem) = TryRead(folder);
            if (problem is not null)
            {
                yield return new BackupListing(folder.Combine(BackupManifest.FileName).Display, null, default, 0, false, false, problem);
            }

            foreach (BackupRecord record in records)
            {
                yield return Listing(folder, record);
            }
        }
    }

    /// <summary>Removes the expired backups of all files.</summary>
    /// <param name="rotation">Which they are; the newest of a file never is.</param>
    /// <param name="isTrial">Whether only to say which they are.</param>
    /// <returns>Those that were removed, or would be; a problem with each that could not be, and with each manifest that cannot be read.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>, <see cref="DiagnosticCodes.StateUnwritable"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public IReadOnlyList<BackupListing> Prune(BackupRotation rotation, bool isTrial)
    {
        List<BackupListing> removed = [];
        foreach (FilePath folder in Folders())
        {
            try
            {
                using FileLock? held = isTrial ? null : Locks.Acquire(folder, "manifest.lock", _time);
                BackupManifest manifest = BackupManifest.Read(folder);
                DateTimeOffset now = _time.GetUtcNow();
                BackupRecord[] expired = [.. manifest.Records.GroupBy(record => record.File).SelectMany(ofFile => rotation.Expired([.. ofFile], now)).OrderBy(record => record.Sequence)];
                removed.AddRange(isTrial || expired.Length == 0 ? expired.Select(record => Listing(folder, record)) : Remove(folder, manifest, expired));
            }
            catch (KinetraException error) when (error.Code is DiagnosticCodes.CorruptManifest or DiagnosticCodes.FileUnreadable)
            {
                removed.Add(new BackupListing(folder.Combine(BackupManifest.FileName).Display, null, default, 0, false, false, error));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new KinetraException(DiagnosticCodes.WriteFailed, $"The manifest in {folder} could not be written: {Errno.Describe(error)}. No backup of it was removed.", error);
            }
        }

        return removed;
    }

    /// <summary>The backups that may be restored, the best one first.</summary>
    /// <param name="file">The file.</param>
    /// <param name="choice">Which of its backups.</param>
    /// <returns>Each backup's file and record; none, if there is none.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.ForeignBackup"/> or <see cref="DiagnosticCodes.CorruptManifest"/>.</exception>
    internal IReadOnlyList<(FilePath Content, BackupRecord Record)> Find(FilePath file, BackupChoice choice)
    {
        (FilePath folder, string path) = PlaceOf(file);
        folder = choice.FolderFor(folder);
        BackupRecord[] records = [.. BackupManifest.Read(folder).Records.Where(r => r.File == path)];
        return [.. choice.Candidates(records, folder, file).Select(record => (folder.Combine(record.Backup), record))];
    }

    /// <summary>Whether there is a backup of a file with a content, as far as the manifest and the sizes tell.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">The digest of the content.</param>
    /// <param name="size">Its size, in bytes.</param>
    internal bool Holds(FilePath file, string sha256, long size)
    {
        (FilePath folder, string path) = PlaceOf(file);
        BackupRecord[] records = [.. _manifests.Read(folder).Records.Where(r => r.File == path && TargetFile.Status(folder.Combine(r.Backup))?.Size == r.Size)];

        // What is in an encrypted one only the key tells; the newest one of the right size has to do.
        return records.Any(r => !r.Encrypted && r.Sha256 == sha256)
            || (_key is not null && records.LastOrDefault(r => r.Encrypted && r.Size == BackupCipher.SizeOf(size)) is { } encrypted && Contains(folder.Combine(encrypted.Backup), encrypted, sha256));
    }

    /// <summary>Says that there is nothing to restore.</summary>
    internal KinetraException Nothing(FilePath file, BackupChoice choice) =>
        new(DiagnosticCodes.NoBackup, $"There is no backup of {file}{choice.Describe()} below {_directory}. Write the file anew; BackupFile, or AtomicWriteFile over an existing file, makes backups.");

    /// <summary>Reads a backup into a new version of a file; see <see cref="BackupReader.Restore"/>.</summary>
    internal string Read(FilePath backup, BackupRecord record, AtomicFile into) => BackupReader.Restore(backup, record, _key, into);

    internal static Backup ToBackup(FilePath file, FilePath content, BackupRecord record, string sha256) =>
        new(content.Display, file.Display, sha256, record.Timestamp);

    private FilePath[] Folders()
    {
        try
        {
            return NativeFile.Exists(_directory.Full)
                ? [.. ManifestsBelow(_directory.Full).Order(StringComparer.Ordinal).Select(manifest => FolderAt(Path.GetDirectoryName(manifest)!))]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The backup directory {_directory} cannot be listed: {Errno.Describe(error)}.", error);
        }
    }

    // Not through links to directories: one that leads up is a circle, one that leads away shows other projects' backups. The
    // backup directory itself may be one.
    private static FileSystemEnumerable<string> ManifestsBelow(string directory) =>
        new(directory, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.Equals(BackupManifest.FileName, StringComparison.Ordinal),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0 || entry.ToFileSystemInfo().LinkTarget is null,
        };

    private FilePath FolderAt(string full) => full == _directory.Full ? _directory : _directory.Combine(Path.GetRelativePath(_directory.Full, full));

    private static (IReadOnlyList<BackupRecord> Records, KinetraException? Problem) TryRead(FilePath folder)
    {
        try
        {
            return (BackupManifest.Read(folder).Records, null);
        }
        catch (KinetraException error)
        {
            return ([], error);
        }
    }

    private static BackupListing Listing(FilePath folder, BackupRecord record) =>
        new(folder.Combine(record.Backup).Display, record.File, record.Timestamp, record.Size, record.Encrypted, record.Replaced);

    private BackupListing[] Remove(FilePath folder, BackupManifest manifest, BackupRecord[] expired)
    {
        IReadOnlyList<BackupRecord> stuck = RemoveLeftovers(folder, manifest);
        _manifests.Forget(folder);
        manifest.Remove([.. expired, .. stuck]);
        (IReadOnlyList<BackupRecord> notRemoved, Exception? error) = RemoveExpired(folder, manifest);
        KinetraException? problem = Problem(folder, error);
        return [.. expired.Select(record => Listing(folder, record) with { Problem = notRemoved.Contains(record) ? problem : null })];
    }

    private BackupCheck? Verify(FilePath folder, BackupRecord record)
    {
        FilePath backup = folder.Combine(record.Backup);
        try
        {
            BackupReader.Verify(backup, record, _key);
            return new BackupCheck(backup.Display, record.File, record.Timestamp, null);
        }
        catch (KinetraException error)
        {
            // A build that runs beside this one may have removed it as expired.
            (IReadOnlyList<BackupRecord> now, KinetraException? problem) = TryRead(folder);
            return problem is null && !now.Contains(record) ? null : new BackupCheck(backup.Display, record.File, record.Timestamp, error);
        }
    }

    // Published before it is recorded, and with its temporary name beside it until it is: a backup that no manifest knows
    // could never be restored, and might hold secrets for ever.
    private (BackupRecord Record, string Sha256) Add(FilePath file, FilePath folder, string path, BackupManifest manifest, BackupRotation rotation, IReadOnlyList<BackupRecord> stuck, bool replaced)
    {
        using TemporaryFile copy = TemporaryFile.Create(folder.Full, UnixMode.Private);
        long sequence = manifest.NextSequence;
        (string sha256, string stored, UnixFileMode mode) = BackupWriter.Write(file, path, sequence, _key, copy);
        NativeFile.Flush(copy.Handle);

        DateTimeOffset now = _time.GetUtcNow();
        string name = Publish(copy, manifest, folder, Path.GetFileName(path), now.ToString(TimestampFormat, CultureInfo.InvariantCulture));
        try
        {
            NativeFile.FlushDirectory(folder.Full);
            BackupRecord record = new(sequence, path, name, stored, copy.Length, now, OperatingSystem.IsWindows() ? null : mode, replaced, _key is not null);
            _manifests.Forget(folder);
            manifest.Change(record, [.. rotation.Expired([.. manifest.Records.Where(r => r.File == path), record], now), .. stuck]);
            _manifests.Keep(folder, manifest);
            return (record, sha256);
        }
        catch (Exception error) when (error is not KinetraException { Code: DiagnosticCodes.DurabilityUnknown })
        {
            // Unless the manifest lists it already, and only its own directory could not be flushed.
            NativeFile.Remove(folder.Combine(name).Full);
            throw;
        }
    }

    private bool Contains(FilePath backup, BackupRecord record, string sha256)
    {
        try
        {
            using SafeFileHandle handle = NativeFile.OpenRead(backup.Full);
            return BackupReader.Digests(handle, record.Size, output => new BackupDecryptor(_key!, record.File, record.Sequence, backup, output)).Content == sha256;
        }
        catch (Exception error) when (error is KinetraException or IOException or UnauthorizedAccessException)
        {
            // Whatever is wrong with it, it is not the one to rely on.
            return false;
        }
    }

    // A name that is listed is not free, though its file may have been deleted by hand.
    private static string Publish(TemporaryFile copy, BackupManifest manifest, FilePath folder, string name, string stamp)
    {
        for (int number = 1; ; number++)
        {
            string backup = BoundedName.WithSuffix(name, number == 1 ? $".{stamp}.bak" : $".{stamp}-{number:000}.bak");
            if (manifest.Records.All(r => r.Backup != backup) && copy.TryPublish(folder.Combine(backup).Full))
            {
                return backup;
            }
        }
    }

    private static KinetraException? Problem(FilePath folder, Exception? error) => error is null
        ? null
        : new KinetraException(DiagnosticCodes.ExpiredNotRemoved, $"Expired backups in {folder} could not be removed: {Errno.Describe(error)}. The new backup is good; the next one tries again. Check that {folder} is writable.", error);

    // The manifest does not list them any more. What a crash, or an error, leaves of them is deleted by the next backup.
    private static (IReadOnlyList<BackupRecord> Stuck, Exception? Error) RemoveExpired(FilePath folder, BackupManifest manifest)
    {
        Exception? first = null;
        List<BackupRecord> stuck = [];
        foreach (BackupRecord record in manifest.LastRemoved.Where(removed => manifest.Records.All(r => r.Backup != removed.Backup)))
        {
            try
            {
                NativeFile.Remove(folder.Combine(record.Backup).Full);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                first ??= error;
                stuck.Add(record);
            }
        }

        return (stuck, first);
    }

    // Of a backup that was killed: before it was published (one name), before it was recorded (a second name that no
    // manifest lists), or before its temporary name was removed. And of a rotation, which may still not be possible: that is
    // to be told, but no reason to make no backup.
    private static IReadOnlyList<BackupRecord> RemoveLeftovers(FilePath folder, BackupManifest manifest)
    {
        IReadOnlyList<BackupRecord> stuck = RemoveExpired(folder, manifest).Stuck;
        HashSet<string> listed = [.. manifest.Records.Select(r => r.Backup)];
        Leftovers.Remove(folder.Full, (path, status) =>
        {
            if (status.Links > 1)
            {
                foreach (string backup in Directory.EnumerateFiles(folder.Full, "*.bak").Where(backup => !listed.Contains(Path.GetFileName(backup))))
                {
                    if (NativeFile.Status(backup, follow: false) is { } other && (other.Device, other.Inode) == (status.Device, status.Inode))
                    {
                        NativeFile.Remove(backup);
                    }
                }
            }

            NativeFile.Remove(path);
        });
        return stuck;
    }

    // The folder of a file's backups, and the file as the manifest there knows it.
    private (FilePath Folder, string Path) PlaceOf(FilePath file)
    {
        string relative = ProjectRelativePath.Of(_projectDirectory, file);
        string? folder = Path.GetDirectoryName(relative);
        return (string.IsNullOrEmpty(folder) ? _directory : _directory.Combine(folder), relative.Replace('\\', '/'));
    }
}
