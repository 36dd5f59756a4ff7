using System.Text.Json;
using Kinetra.Build.Core.Checksums;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// <c>manifest.json</c> in a backup folder: which backups there are, in which order, with which digests. Replaced
/// atomically as a whole; changed under the folder's lock only.
/// </summary>
internal sealed class BackupManifest
{
    private const int Version = 1;

    private readonly FilePath _file;
    private readonly List<BackupRecord> _records;
    private long _lastSequence;

    private BackupManifest(FilePath file, List<BackupRecord> records, long lastSequence) =>
        (_file, _records, _lastSequence) = (file, records, lastSequence);

    /// <summary>All backups in the folder, oldest first.</summary>
    public IReadOnlyList<BackupRecord> Records => _records;

    /// <summary>The sequence number of the next backup.</summary>
    public long NextSequence => _lastSequence + 1;

    /// <summary>Reads a folder's manifest; a folder without one has no backups.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CorruptManifest"/> or <see cref="DiagnosticCodes.FileUnreadable"/>.</exception>
    public static BackupManifest Read(FilePath folder)
    {
        FilePath file = folder.Combine("manifest.json");
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file.Full));
            int version = json.RootElement.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new KinetraException(DiagnosticCodes.CorruptManifest, $"{file} has version {version}; this release reads version {Version}. Use the release that wrote it.");
            }

            List<BackupRecord> records = [.. json.RootElement.GetProperty("backups").EnumerateArray().Select(BackupRecord.Read)];
            long last = json.RootElement.GetProperty("lastSequence").GetInt64();
            bool sound = records.All(r => r.IsSound && r.Sequence <= last);
            return sound ? new BackupManifest(file, records, last) : throw Corrupt(file, null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new BackupManifest(file, [], 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.FileUnreadable, $"{file} cannot be read: {Errno.Describe(error)}.", error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw Corrupt(file, error);
        }
    }

    /// <summary>Adds a backup; durable when this returns.</summary>
    public void Add(BackupRecord record)
    {
        _records.Add(record);
        _lastSequence = record.Sequence;
        Save();
    }

    /// <summary>Forgets backups; durable when this returns.</summary>
    public void Remove(IReadOnlyCollection<BackupRecord> records)
    {
        _records.RemoveAll(records.Contains);
        Save();
    }

    private void Save()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("lastSequence", _lastSequence);
            json.WriteStartArray("backups");
            foreach (BackupRecord record in _records)
            {
                record.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        AtomicFile.Write(_file, buffer.GetBuffer().AsSpan(0, (int)buffer.Length), UnixMode.Private);
    }

    private static KinetraException Corrupt(FilePath file, Exception? inner) =>
        new(DiagnosticCodes.CorruptManifest, $"The backup manifest {file} is damaged. The backups beside it are untouched: move the manifest away, and copy the backup that you need by hand.", inner);
}
