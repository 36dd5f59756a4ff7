using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Checksums;

/// <summary>
/// The recorded checksums of a project's files, one record a file at
/// <c>{state directory}/{dir/}{filename}.checksum</c>. Plain SHA-256 finds accidents and careless edits; whoever can write
/// to the state directory can forge a record.
/// </summary>
public sealed class ChecksumStore
{
    private readonly FilePath _directory;
    private readonly string _projectDirectory;

    /// <summary>Opens the store; nothing is created before the first record.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="projectDirectory">The project's directory, absolute.</param>
    public ChecksumStore(FilePath directory, string projectDirectory) =>
        (_directory, _projectDirectory) = (directory, projectDirectory);

    /// <summary>How a user takes a file as it is now for the right one, for messages.</summary>
    internal static string HowToAccept(FilePath file) => $"accept it: dotnet build -t:KinetraAcceptFile {ShellText.Quote($"-p:KinetraFile={file}")}";

    /// <summary>The record of a file; null if there is none.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptChecksum"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public ChecksumRecord? Find(FilePath file)
    {
        FilePath record = RecordOf(file);
        try
        {
            return ChecksumRecord.Parse(record, File.ReadAllText(record.Full, Encoding.UTF8));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"The checksum record {record} cannot be read: {Errno.Describe(error)}.", error);
        }
    }

    /// <summary>Records a file's content, replacing what was recorded.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">The digest of its content.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WriteFailed"/> and its like.</exception>
    public void Record(FilePath file, string sha256) => Write(file, new ChecksumRecord(sha256, null));

    /// <summary>Compares a file with its record, and settles a write that a crash cut short.</summary>
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
    internal void Announce(FilePath file, string sha256)
    {
        ChecksumRecord? record = Find(file);
        string? current = record?.Current;
        if ((record is null || record.Pending is not null) && File.Exists(file.Full))
        {
            string actual = FileDigest.Compute(file);
            current = record is null || record.Accepts(actual) ? actual : current;
        }

        Write(file, new ChecksumRecord(current, sha256));
    }

    /// <summary>Waits for the lock under which a file and its record change together.</summary>
    internal FileLock Lock()
    {
        StateDirectory.Ensure(_directory);
        return Locks.Acquire(_directory, "checksums.lock");
    }

    private void Write(FilePath file, ChecksumRecord record)
    {
        StateDirectory.Ensure(_directory);
        AtomicFile.Write(RecordOf(file), Encoding.UTF8.GetBytes(record.Format()), UnixMode.Private);
    }

    private FilePath RecordOf(FilePath file)
    {
        string relative = ProjectRelativePath.Of(_projectDirectory, file.Full);
        return _directory.Combine(Path.Combine(Path.GetDirectoryName(relative)!, BoundedName.WithSuffix(Path.GetFileName(relative), ".checksum")));
    }
}
