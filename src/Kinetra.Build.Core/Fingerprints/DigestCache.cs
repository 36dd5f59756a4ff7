using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// Digests of files, read anew only for a file that is not known by device, inode, size, and the times of its last change of content and of
/// anything at all, in nanoseconds. A file that changed within 2 s before it was read is not remembered, as a further change in the same tick
/// of the file system's clock could not be told (git calls that racy). On Windows a file is known by path, size, last write
/// time and creation time. Safe for several threads; one process at a time may use the file.
/// </summary>
/// <remarks>
/// Not noticed: a change by somebody who sets size and times back, which on Linux and macOS takes setting the clock; or on a file server
/// whose clock is more than 2 s behind.
/// </remarks>
public sealed class DigestCache : IDisposable
{
    /// <summary>How many files are remembered unless the caller says otherwise.</summary>
    public const int StandardCapacity = 100_000;

    // Below this a rewrite saves nothing.
    private const int SmallFile = 1000;

    private static readonly TimeSpan RacyTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly DigestFile? _file;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private Dictionary<FileId, Entry>? _entries;
    private long _uses;
    private int _filesRead;

    /// <summary>A cache; its file is read when the first digest is asked for.</summary>
    /// <param name="file">Where it is kept, such as <c>.workflow_state/{workflow}.digests</c>; null to keep it in memory only. If it is damaged, it counts as empty.</param>
    /// <param name="time">The clock.</param>
    /// <param name="capacity">How many files are remembered; those not used for longest are forgotten first.</param>
    public DigestCache(FilePath? file, TimeProvider time, int capacity = StandardCapacity) =>
        (_file, _time, _capacity) = (file is { } path ? new DigestFile(path) : null, time, capacity);

    /// <summary>Whether the file is only read. Default false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>How many files were read to the end.</summary>
    internal int FilesRead => _filesRead;

    /// <summary>How many files are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return Entries().Count;
            }
        }
    }

    /// <summary>The digest of a file, in 64 lower-case hexadecimal digits.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Null if there is none, or no regular one.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public string? Find(FilePath file)
    {
        if (TargetFile.Status(file) is not { Kind: FileKind.File } status)
        {
            return null;
        }

        lock (_gate)
        {
            DigestRecord known = Record(file, status, "");
            if (Entries().TryGetValue(known.Id, out Entry? entry) && entry.Record with { Sha256 = "" } == known)
            {
                entry.LastUse = ++_uses;
                return entry.Record.Sha256;
            }
        }

        return Read(file);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
        }
    }

    private static DigestRecord Record(FilePath file, FileStatus status, string sha256) => OperatingSystem.IsWindows()
        ? new DigestRecord(new FileId(0, 0, file.Full), status.Size, status.Modified, File.GetCreationTimeUtc(file.Full).Ticks, sha256)
        : new DigestRecord(new FileId(status.Device, status.Inode, ""), status.Size, status.Modified, status.Changed, sha256);

    private string? Read(FilePath file)
    {
        // Before it is read: what changes later is to have a later time.
        long settled = FileStatus.Timestamp(_time.GetUtcNow() - RacyTime);
        try
        {
            (FileStatus status, string sha256) = StableFile.Read(file, (handle, status) => (status, FileDigest.Compute(handle, status)));
            Interlocked.Increment(ref _filesRead);
            if (status.Modified < settled && status.Changed < settled)
            {
                Remember(Record(file, status, sha256));
            }

            return sha256;
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.FileMissing or DiagnosticCodes.UnusablePath)
        {
            // Removed, or replaced by something else, since it was looked at.
            return null;
        }
    }

    private void Remember(DigestRecord record)
    {
        lock (_gate)
        {
            Dictionary<FileId, Entry> entries = Entries();
            entries[record.Id] = new Entry(record) { LastUse = ++_uses };
            bool isTooMuch = entries.Count > _capacity;
            if (isTooMuch)
            {
                Forget(entries);
            }

            if (_file is null || IsReadOnly)
            {
                return;
            }

            if (isTooMuch || (_file.Lines >= SmallFile && _file.Lines >= 2 * entries.Count))
            {
                _file.Rewrite([.. entries.Values.OrderBy(entry => entry.LastUse).Select(entry => entry.Record)]);
            }
            else
            {
                _file.Append(record);
            }
        }
    }

    // An eighth at a time, as each time all are sorted.
    private void Forget(Dictionary<FileId, Entry> entries)
    {
        foreach (FileId id in entries.Values.OrderBy(entry => entry.LastUse).Take(entries.Count - (_capacity - (_capacity / 8))).Select(entry => entry.Record.Id).ToArray())
        {
            entries.Remove(id);
        }
    }

    private Dictionary<FileId, Entry> Entries()
    {
        if (_entries is not null)
        {
            return _entries;
        }

        _entries = [];
        foreach (DigestRecord record in _file?.Read() ?? [])
        {
            _entries[record.Id] = new Entry(record) { LastUse = ++_uses };
        }

        return _entries;
    }

    private sealed class Entry(DigestRecord record)
    {
        public DigestRecord Record => record;

        public long LastUse { get; set; }
    }
}
