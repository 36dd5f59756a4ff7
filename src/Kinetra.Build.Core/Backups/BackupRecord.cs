using System.Text.Json;

namespace Kinetra.Build.Core.Backups;

/// <summary>One backup, as its folder's manifest knows it.</summary>
/// <param name="Sequence">Gives the order; larger is newer, whatever the clock said. Counted in each folder from 1.</param>
/// <param name="File">The file that was backed up: its path relative to the project, with forward slashes (<c>@root/…</c> outside of it).</param>
/// <param name="Backup">The name of the backup, in the manifest's folder.</param>
/// <param name="Sha256">The digest of the backup's bytes, in lower-case hex; unless it is encrypted, that is the digest of the content.</param>
/// <param name="Size">The backup's size in bytes.</param>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Mode">The file's mode, which a restore gives back; null on Windows.</param>
/// <param name="Replaced">
/// Whether this is what a restore replaced. Such a backup can be restored by its path, but is never the "newest": a
/// restore done twice would otherwise undo itself.
/// </param>
/// <param name="Encrypted">Whether it is encrypted.</param>
internal sealed record BackupRecord(long Sequence, string File, string Backup, string Sha256, long Size, DateTimeOffset Timestamp, UnixFileMode? Mode, bool Replaced, bool Encrypted)
{
    /// <summary>Whether every value can be what it says; a name that leads out of the folder cannot.</summary>
    public bool IsSound =>
        Sequence >= 1 && Size >= 0 && File is { Length: > 0 } && Sha256 is not null && Checksums.Sha256Text.IsValid(Sha256)
        && Backup is { Length: > 4 } && Backup.EndsWith(".bak", StringComparison.Ordinal) && Path.GetFileName(Backup) == Backup && !Backup.Contains('\0')
        && (Mode is null || ((int)Mode & ~0xfff) == 0);

    /// <summary>Writes the record as a JSON object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", Sequence);
        json.WriteString("file", File);
        json.WriteString("backup", Backup);
        json.WriteString("sha256", Sha256);
        json.WriteNumber("size", Size);
        json.WriteString("timestamp", Timestamp);
        if (Mode is { } mode)
        {
            json.WriteString("mode", Files.UnixMode.Format(mode));
        }

        if (Replaced)
        {
            json.WriteBoolean("replaced", true);
        }

        if (Encrypted)
        {
            json.WriteBoolean("encrypted", true);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a record; anything missing or of the wrong kind throws what <see cref="JsonElement"/> throws.</summary>
    public static BackupRecord Read(JsonElement json) => new(
        json.GetProperty("sequence").GetInt64(),
        json.GetProperty("file").GetString()!,
        json.GetProperty("backup").GetString()!,
        json.GetProperty("sha256").GetString()!,
        json.GetProperty("size").GetInt64(),
        json.GetProperty("timestamp").GetDateTimeOffset(),
        json.TryGetProperty("mode", out JsonElement mode) ? (UnixFileMode)Convert.ToInt32(mode.GetString() ?? throw new FormatException("mode"), 8) : null,
        json.TryGetProperty("replaced", out JsonElement replaced) && replaced.GetBoolean(),
        json.TryGetProperty("encrypted", out JsonElement encrypted) && encrypted.GetBoolean());
}
