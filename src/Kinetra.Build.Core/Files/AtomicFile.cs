using System.Security.Cryptography;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// A new version of a file in the making: written beside the target under an unpredictable name, flushed, then renamed
/// over it, so that a reader sees the whole old or the whole new file at every instant. The order is open (exclusive) →
/// write → mode → fsync → rename → fsync of the directory. Until <see cref="Commit"/> the target is untouched;
/// <see cref="Dispose"/> removes what was not committed.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly FilePath _target;
    private readonly string _resolved;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly IncrementalHash? _hash;
    private readonly UnixFileMode? _mode;
    private bool _committed;

    private AtomicFile(FilePath target, string resolved, string temporary, FileStream file, UnixFileMode? mode, bool digest)
    {
        (_target, _resolved, _temporary, _file, _mode) = (target, resolved, temporary, file, mode);
        _hash = digest ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    /// <summary>Begins a new version of a file. Missing directories are created.</summary>
    /// <param name="target">The file; a symbolic link stands for the file that it points to.</param>
    /// <param name="mode">Its mode; null keeps the old file's mode, or follows the umask for a new file. Ignored on Windows.</param>
    /// <param name="digest">Whether <see cref="Seal"/> is to return the content's digest.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public static AtomicFile Create(FilePath target, UnixFileMode? mode = null, bool digest = true)
    {
        string resolved = TargetFile.Resolve(target);
        string directory = Path.GetDirectoryName(resolved)!;

        // Fixed length, so that a target name of 255 bytes works; unpredictable, so that nobody can plant a link there. (A
        // version 4 Guid is 122 bits of the system's secure random numbers, and does not load OpenSSL for them.)
        string temporary = Path.Combine(directory, $".kinetra-{Guid.NewGuid():N}.tmp");
        return Guard(target, () =>
        {
            NativeFile.CreateDirectory(directory);
            if (mode is null && !OperatingSystem.IsWindows() && File.Exists(resolved))
            {
                mode = File.GetUnixFileMode(resolved);
            }

            // A file that is to be 0600 is 0600 from the start; one that is wider gets its mode before the rename.
            const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;
            FileStream file = NativeFile.CreateNew(temporary, mode is null ? Everybody : UnixMode.Private);
            AtomicFile created = new(target, resolved, temporary, file, mode, digest);
            created.KeepOwner();
            return created;
        });
    }

    /// <summary>Writes a whole file atomically and durably.</summary>
    /// <param name="target">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="mode">As for <see cref="Create"/>.</param>
    /// <exception cref="KinetraException">As for <see cref="Create"/> and <see cref="Commit"/>.</exception>
    public static void Write(FilePath target, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using AtomicFile file = Create(target, mode, digest: false);
        file.Append(content);
        file.Seal();
        file.Commit();
    }

    /// <summary>Adds to the content.</summary>
    /// <param name="content">The bytes, hashed on their way.</param>
    public void Append(ReadOnlySpan<byte> content)
    {
        _hash?.AppendData(content);
        try
        {
            _file.Write(content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(_target, error);
        }
    }

    /// <summary>Copies a file's content in.</summary>
    /// <param name="source">The file to copy.</param>
    public void CopyFrom(FilePath source) => StableFile.Read(source, Restart, Append);

    /// <summary>Makes the content durable; nothing can be added after it.</summary>
    /// <returns>The SHA-256 of the bytes that were meant to be written, in lower-case hex; empty if it was not asked for.</returns>
    public string Seal()
    {
        Guard(_target, () =>
        {
            if (_mode is { } mode && !OperatingSystem.IsWindows() && mode != UnixMode.Private)
            {
                File.SetUnixFileMode(_file.SafeFileHandle, mode);
            }

            NativeFile.Flush(_file.SafeFileHandle);
            _file.Dispose();
            return true;
        });
        return _hash is null ? "" : Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>Puts the new version in the target's place.</summary>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.WriteFailed"/>: the target is unchanged;
    /// <see cref="DiagnosticCodes.DurabilityUnknown"/>: it is replaced, but a power cut may undo that.
    /// </exception>
    public void Commit()
    {
        Guard(_target, () =>
        {
            NativeFile.Rename(_temporary, _resolved);
            return _committed = true;
        });
        FlushDirectory();
    }

    /// <summary>Gives the new version a name in the target's directory, only if that is free.</summary>
    /// <param name="name">The file to become.</param>
    /// <returns>False if the name is taken; another can then be tried.</returns>
    /// <exception cref="KinetraException">As for <see cref="Commit"/>.</exception>
    public bool TryCommitNew(FilePath name)
    {
        if (!Guard(name, () => _committed = NativeFile.RenameNoReplace(_temporary, name.Full)))
        {
            return false;
        }

        FlushDirectory();
        return true;
    }

    /// <summary>Removes a version that was not committed.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _hash?.Dispose();
        if (!_committed)
        {
            try
            {
                File.Delete(_temporary);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone with its directory, or not to be removed for the reason that the write failed: that is what is reported.
            }
        }
    }

    private void Restart()
    {
        if (_file.Length > 0)
        {
            _hash?.GetHashAndReset();
            _file.SetLength(0);
            _file.Position = 0;
        }
    }

    // Only the superuser can give files away, and not on every file system; a member of the group can keep that at least.
    private void KeepOwner()
    {
        if (!OperatingSystem.IsWindows()
            && PosixFile.Stat(_resolved) is { } old
            && PosixFile.Stat(_temporary) is { } own
            && (old.User, old.Group) != (own.User, own.Group))
        {
            _ = PosixFile.TryChangeOwner(_file.SafeFileHandle, old.User, old.Group)
                || PosixFile.TryChangeOwner(_file.SafeFileHandle, PosixFile.Unchanged, old.Group);
        }
    }

    private void FlushDirectory()
    {
        try
        {
            NativeFile.FlushDirectory(Path.GetDirectoryName(_resolved)!);
        }
        catch (IOException error)
        {
            throw new KinetraException(DiagnosticCodes.DurabilityUnknown, $"{_target} was replaced, but its directory could not be flushed ({Errno.Describe(error)}): a power cut may undo it. Check the disk, then write it again.", error);
        }
    }

    private static T Guard<T>(FilePath target, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(target, error);
        }
    }

    private static KinetraException Failed(FilePath target, Exception error) =>
        new(DiagnosticCodes.WriteFailed, $"{target} could not be written: {Errno.Describe(error)}. The target is unchanged. Check that its directory is writable and the disk has room.", error);
}
