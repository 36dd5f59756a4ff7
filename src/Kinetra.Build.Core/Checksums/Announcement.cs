using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Checksums;

/// <summary>A new checksum that lies beside the record of a file, until the file has the content that it is of.</summary>
/// <param name="File">The file.</param>
/// <param name="Record">Its record.</param>
/// <param name="Pending">What is to become the record.</param>
internal sealed record Announcement(FilePath File, FilePath Record, FilePath Pending)
{
    /// <summary>Makes it the record, once the file has the new content.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.DurabilityUnknown"/>: old and new content are accepted until the next write or verification.</exception>
    public void Finish()
    {
        try
        {
            // Not flushed: after a power cut the announcement is found again, and says the same.
            NativeFile.Rename(Pending.Full, Record.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.DurabilityUnknown, $"{File} was replaced, but its checksum record {Record} could not be finished: {Errno.Describe(error)}. The old content would be accepted too until the next write or verification. Check that the directory of {Record} is writable.", error);
        }
    }

    /// <summary>Takes it back, after a write that failed. One that stays does no harm: the next write settles it.</summary>
    public void Withdraw()
    {
        try
        {
            NativeFile.Remove(Pending.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
