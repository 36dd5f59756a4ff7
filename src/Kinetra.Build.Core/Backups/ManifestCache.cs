using System.Collections.Concurrent;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Backups;

/// <summary>
/// The manifests that a store has read or written, as long as their files are the same: to read one for each of a thousand
/// files of a folder would take longer than to back them up. May be used by several threads; a manifest is changed under its
/// folder's lock only.
/// </summary>
internal sealed class ManifestCache
{
    private readonly ConcurrentDictionary<string, Known> _known = new();

    /// <summary>A folder's manifest as it is now.</summary>
    /// <exception cref="KinetraException">As for <see cref="BackupManifest.Read(FilePath)"/>.</exception>
    public BackupManifest Read(FilePath folder)
    {
        // Looked at before it is read: what comes in between makes it another version.
        FileStatus? status = TargetFile.Status(folder.Combine(BackupManifest.FileName));
        if (status is { } now && _known.TryGetValue(folder.Full, out Known? known) && known.Status.IsSameVersion(now))
        {
            return known.Manifest;
        }

        BackupManifest manifest = BackupManifest.Read(folder);
        if (status is { } read)
        {
            _known[folder.Full] = new Known(manifest, read);
        }

        return manifest;
    }

    /// <summary>Remembers a manifest that was changed. Under the folder's lock.</summary>
    public void Keep(FilePath folder, BackupManifest manifest)
    {
        try
        {
            if (NativeFile.Status(folder.Combine(BackupManifest.FileName).Full) is { } status)
            {
                _known[folder.Full] = new Known(manifest, status);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then it is read again the next time.
        }
    }

    /// <summary>Forgets a manifest that is about to be changed, which may fail half-way.</summary>
    public void Forget(FilePath folder) => _known.TryRemove(folder.Full, out _);

    // A class: a dictionary of structures would have to be compiled in every build.
    private sealed record Known(BackupManifest Manifest, FileStatus Status);
}
