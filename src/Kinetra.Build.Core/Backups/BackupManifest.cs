using System.Text.Json;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// <c>manifest.journal</c> in a backup folder: which backups there are, in which order, with which digests. A
/// <see cref="Journal"/>: a backup is added by a record <c>{"add":{…}}</c>, and taken out by <c>{"remove":[sequence, …]}</c>
/// before its file is deleted. Changed under the folder's lock only.
/// </summary>
internal sealed class BackupManifest
{
    /// <summary>The manifest's name.</summary>
    public const string FileName = "manifest.journal";

    /// <summary>Its first line.</summary>
    public const string Kind = "kinetra-backups 1";

    // Rewritten once so many records say nothing any more, and they are the greater part.
    private const int MaxDeadRecords = 100;

    private readonly Journal _journal;
    private readonly Dictionary<long, BackupRecord> _all = [];
    private long _lastSequence;

    private BackupManifest(Journal journal) => _journal = journal;

    /// <summary>All backups in the folder, oldest first.</summary>
    public IReadOnlyList<BackupRecord> Records { get; private set; } = [];

    /// <summary>The backups that were taken out last. A crash may have left their files.</summary>
    public IReadOnlyList<BackupRecord> LastRemoved { get; private set; } = [];

    /// <summary>The sequence number of the next backup.</summary>
    public long NextSequence => _lastSequence + 1;

    /// <summary>Reads a folder's manifest; a folder without one has no backups.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptManifest"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static BackupManifest Read(FilePath folder)
    {
        FilePath file = folder.Combine(FileName);
        return Read(file, () => Journal.Read(file, Kind));
    }

    /// <summary>Reads a manifest from the bytes of its journal.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptManifest"/>.</exception>
    internal static BackupManifest Parse(FilePath file, byte[] content) => Read(file, () => Journal.Parse(file, Kind, content));

    private static BackupManifest Read(FilePath file, Func<Journal> read)
    {
        try
        {
            BackupManifest manifest = new(read());
            List<BackupRecord> records = [];
            foreach (ReadOnlyMemory<byte> record in manifest._journal.Records)
            {
                manifest.Apply(record, records);
            }

            manifest.Records = [.. records];
            return manifest;
        }
        catch (InvalidDataException error)
        {
            throw Corrupt(file, error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw Corrupt(file, "a record of it cannot be understood", error);
        }
    }

    /// <summary>Adds a backup and takes expired ones out; durable when this returns.</summary>
    /// <param name="added">The new one.</param>
    /// <param name="removed">The expired ones, and those taken out before whose files could not be deleted; may be none.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="KinetraException">The same.</exception>
    public void Change(BackupRecord added, IReadOnlyList<BackupRecord> removed)
    {
        BackupRecord[] kept = removed.Count == 0 ? [.. Records, added] : [.. Records.Except(removed), added];
        if (_journal.Records.Count - kept.Length > Math.Max(MaxDeadRecords, kept.Length))
        {
            // With the last removal, whose files are still to be deleted.
            _journal.Rewrite([.. Records.Union(removed).OrderBy(r => r.Sequence).Append(added).Select(Adding), Removing(removed)]);
        }
        else
        {
            _journal.Append(removed.Count == 0 ? [Adding(added)] : [Adding(added), Removing(removed)]);
        }

        // A new list, as somebody may look at the old one meanwhile.
        Records = kept;
        _all[added.Sequence] = added;
        _lastSequence = added.Sequence;
        LastRemoved = removed.Count == 0 ? LastRemoved : removed;
    }

    /// <summary>Takes backups out without adding one; durable when this returns.</summary>
    /// <param name="removed">As for <see cref="Change"/>; not none.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Remove(IReadOnlyList<BackupRecord> removed)
    {
        _journal.Append(Removing(removed));
        Records = [.. Records.Except(removed)];
        LastRemoved = removed;
    }

    private void Apply(ReadOnlyMemory<byte> record, List<BackupRecord> records)
    {
        using JsonDocument json = JsonDocument.Parse(record);
        if (json.RootElement.TryGetProperty("add", out JsonElement added))
        {
            BackupRecord backup = BackupRecord.Read(added);
            if (!backup.IsSound || backup.Sequence <= _lastSequence)
            {
                throw new FormatException("add");
            }

            records.Add(backup);
            _all[backup.Sequence] = backup;
            _lastSequence = backup.Sequence;
        }
        else
        {
            HashSet<long> removed = [.. json.RootElement.GetProperty("remove").EnumerateArray().Select(sequence => sequence.GetInt64())];
            LastRemoved = [.. removed.Where(_all.ContainsKey).Select(sequence => _all[sequence])];
            records.RemoveAll(r => removed.Contains(r.Sequence));
        }
    }

    private static ReadOnlyMemory<byte> Adding(BackupRecord record) => Json(json =>
    {
        json.WritePropertyName("add");
        record.Write(json);
    });

    private static ReadOnlyMemory<byte> Removing(IEnumerable<BackupRecord> records) => Json(json =>
    {
        json.WriteStartArray("remove");
        foreach (BackupRecord record in records)
        {
            json.WriteNumberValue(record.Sequence);
        }

        json.WriteEndArray();
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static KinetraException Corrupt(FilePath file, string what, Exception? inner) =>
        new(DiagnosticCodes.CorruptManifest, $"The backup manifest {file} is damaged: {what}. The backups beside it are untouched: move the manifest away, and copy the backup that you need by hand.", inner);
}
