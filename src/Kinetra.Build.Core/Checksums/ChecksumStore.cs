using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Keys;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Checksums;

/// <summary>
/// The recorded checksums of a project's files, one record a file at
/// <c>{state directory}/{dir/}{filename}.checksum</c>. While a write is under way its new digest lies beside it, in
/// <c>….checksum.pending</c>, and becomes the record by a rename. Plain SHA-256 finds accidents and careless edits; whoever can
/// write to the state directory can forge such a record, but not one that is signed with a key.
/// </summary>
public sealed class ChecksumStore
{
    private readonly FilePath _directory;
    private readonly string _projectDirectory;
    private readonly SecretKey? _key;
    private readonly string? _projectFile;

    /// <summary>Opens the store; nothing is created before the first record.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="projectDirectory">The project's directory, absolute.</param>
    /// <param name="key">Signs the records, and refuses those that it has not signed; null for plain ones.</param>
    /// <param name="projectFile">The project's file name, for the commands in messages; null if there is none.</param>
    public ChecksumStore(FilePath directory, string projectDirectory, SecretKey? key = null, string? projectFile = null) =>
        (_directory, _projectDirectory, _key, _projectFile) = (directory, projectDirectory, key, projectFile);

    /// <summary>Whether records are signed.</summary>
    public bool IsKeyed => _key is not null;

    /// <summary>How a user takes a file as it is now for the right one, for messages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="projectFile">The project's file name; null leaves it to dotnet to find the only one.</param>
    internal static string HowToAccept(FilePath file, string? projectFile) =>
        $"accept it: dotnet build {(projectFile is null ? "" : ShellText.Quote(projectFile) + " ")}-t:KinetraAcceptFile {ShellText.Quote($"-p:KinetraFile={file}")}";

    /// <summary>As above, in this project.</summary>
    internal string HowToAccept(FilePath file) => HowToAccept(file, _projectFile);

    /// <summary>The error that a file does not have its recorded content.</summary>
    /// <param name="file">The file.</param>
    public KinetraException Mismatch(FilePath file) =>
        new(DiagnosticCodes.ChecksumMismatch, $"{file} does not have the content that was recorded: it was changed outside the workflow. If the change is right, {HowToAccept(file)}; if not, restore it (OnMismatch=\"Restore\" or RestoreBackup).");

    /// <summary>The record of a file; null if there is none.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.CorruptChecksum"/>, <see cref="DiagnosticCodes.UnsignedChecksum"/> (with a key) or
    /// <see cref="DiagnosticCodes.FileUnreadable"/>.
    /// </exception>
    public ChecksumRecord? Find(FilePath file)
    {
        // In this order, as a write that ends in between turns the one into the other.
        string? pending = FindPending(file);
        string? current = FindCurrent(file);
        return current is null && pending is null ? null : new ChecksumRecord(current, pending);
    }

    /// <summary>Records a file's content, replacing what was recorded.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">The digest of its content.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WriteFailed"/> and its like.</exception>
    public void Record(FilePath file, string sha256)
    {
        StateDirectory.Ensure(_directory);
        FilePath record = RecordOf(file);
        AtomicFile.Write(record, NewRecord(file, sha256, TargetFile.Status(file)?.Size ?? 0), UnixMode.Private);
        new Announcement(file, record, PendingOf(record)).Withdraw();
    }

    /// <summary>Compares a file with its record, and settles a write that a crash cut short. Under the <see cref="Lock"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">The digest of the file as it is.</param>
    /// <returns>Whether the content is what was recorded; null if nothing is recorded.</returns>
    /// <exception cref="KinetraException">As for <see cref="Find"/> and <see cref="Record"/>.</exception>
    public bool? Verify(FilePath file, string sha256)
    {
        if (Find(file) is not { } record)
        {
            return null;
        }

        bool valid = record.Accepts(sha256);
        if (valid && record.Pending is not null)
        {
            Record(file, sha256);
        }

        return valid;
    }

    /// <summary>
    /// Notes durably that a file is about to get new content, which is accepted from now on as the old one is. What an
    /// earlier write left unsettled is settled first; a file without a record gets one of what it holds now. Otherwise a
    /// crash before the rename would look like tampering.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">The digest of the new content.</param>
    /// <param name="size">Its size, in bytes.</param>
    /// <returns>To be finished once the file has the new content, or withdrawn.</returns>
    internal Announcement Announce(FilePath file, string sha256, long size)
    {
        StateDirectory.Ensure(_directory);
        Settle(file);
        FilePath record = RecordOf(file);
        FilePath pending = PendingOf(record);
        try
        {
            // The old record is not looked into: what it says is replaced by what is written now.
            FileStatus? old = NativeFile.Status(record.Full, follow: false);
            if (old is { Kind: not FileKind.File })
            {
                throw new IOException("something that is no file stands in its place");
            }

            if (old is null && TargetFile.Status(file) is not null)
            {
                Record(file, FileDigest.Compute(file));
            }

            WritePending(pending.Full, NewRecord(file, sha256, size));
            return new Announcement(file, record, pending);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.WriteFailed, $"{file} was not written, as its checksum record {pending} could not be: {Errno.Describe(error)}. Check that {_directory} is writable and the disk has room.", error);
        }
    }

    /// <summary>Waits for the lock under which a file and its record change together.</summary>
    internal FileLock Lock()
    {
        StateDirectory.Ensure(_directory);
        return Locks.Acquire(_directory, "checksums.lock", TimeProvider.System);
    }

    // What a crashed write left: either it came to replace the file, or it did not.
    private void Settle(FilePath file)
    {
        bool replaced = FindPending(file) is { } pending && TargetFile.Status(file) is not null && Sha256Text.AreEqual(pending, FileDigest.Compute(file));
        FilePath record = RecordOf(file);
        Announcement left = new(file, record, PendingOf(record));
        if (replaced)
        {
            left.Finish();
        }
        else
        {
            left.Withdraw();
        }
    }

    private string? FindCurrent(FilePath file)
    {
        FilePath record = RecordOf(file);
        if (Read(record) is not { } content)
        {
            return null;
        }

        RecordedDigest digest = RecordedDigest.Parse(content) ?? throw new KinetraException(DiagnosticCodes.CorruptChecksum, $"The checksum record {record} is damaged: it should hold 64 hexadecimal digits. Check {file}; if that is right, {HowToAccept(file)}.");
        if (_key is not null && !digest.IsSignedBy(_key, Key(file)))
        {
            throw new KinetraException(DiagnosticCodes.UnsignedChecksum, $"The checksum record {record} is not signed with the key in {_key.Variable} ({(digest.Signature is null ? "it has no signature" : "its signature is another one")}). Check {file}; if that is right, {HowToAccept(file)}.");
        }

        return digest.Sha256;
    }

    // Written in one go and flushed before anything relies on it. So what is not whole was never relied on, and what is
    // not signed is nobody's.
    private string? FindPending(FilePath file) =>
        Read(PendingOf(RecordOf(file))) is { Length: > 0 } content && content[^1] == '\n'
        && RecordedDigest.Parse(content) is { } digest && (_key is null || digest.IsSignedBy(_key, Key(file)))
            ? digest.Sha256
            : null;

    private static byte[]? Read(FilePath record)
    {
        try
        {
            return NativeFile.ReadAll(record.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The checksum record {record} cannot be read: {Errno.Describe(error)}.", error);
        }
    }

    private static void WritePending(string path, byte[] content)
    {
        string directory = Path.GetDirectoryName(path)!;
        NativeFile.CreateDirectory(directory);
        using SafeFileHandle pending = NativeFile.CreateNew(path, UnixMode.Private);
        try
        {
            NativeFile.Write(pending, content, 0);
            NativeFile.Flush(pending);
            NativeFile.FlushDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NativeFile.Remove(path);
            throw;
        }
    }

    private byte[] NewRecord(FilePath file, string sha256, long size) => RecordedDigest.Create(Key(file), sha256, size, _key).Format();

    private string Key(FilePath file) => ProjectRelativePath.Of(_projectDirectory, file).Replace('\\', '/');

    private FilePath RecordOf(FilePath file)
    {
        string relative = ProjectRelativePath.Of(_projectDirectory, file);
        return _directory.Combine(Path.Combine(Path.GetDirectoryName(relative)!, BoundedName.WithSuffix(Path.GetFileName(relative), ".checksum")));
    }

    // Next to the record, also where its name had to be cut.
    private static FilePath PendingOf(FilePath record)
    {
        string name = BoundedName.WithSuffix(Path.GetFileName(record.Full), ".pending");
        return new FilePath(Path.Combine(Path.GetDirectoryName(record.Full)!, name), Path.Combine(Path.GetDirectoryName(record.Display)!, name));
    }
}
