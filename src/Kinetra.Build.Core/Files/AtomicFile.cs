using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// A new version of a file in the making: written beside the target under an unpredictable name, flushed, then renamed
/// over it, so that a reader sees the whole old or the whole new file at every instant. The order is open (exclusive) →
/// lock → write → owner, attributes, mode → fsync → rename → fsync of the directory. Until <see cref="Commit"/> the target is
/// untouched; <see cref="Dispose"/> removes what was not committed.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    // From here a second thread hashes while this one writes.
    private const int LargeContent = 256 * 1024;

    // What the umask makes of it is the mode of a new file.
    private const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;

    private readonly FilePath _target;
    private readonly string _resolved;
    private readonly FileStatus? _old;
    private readonly UnixFileMode? _mode;
    private readonly bool _digest;
    private readonly bool _durable;
    private readonly SafeFileHandle? _directory;
    private readonly TemporaryFile _file;
    private IncrementalHash? _hash;
    private BackgroundHash? _background;
    private string? _copied;
    private bool _flushed;

    private AtomicFile(FilePath target, string resolved, FileStatus? old, UnixFileMode? mode, bool digest, bool durable)
    {
        (_target, _resolved, _old, _mode, _digest, _durable) = (target, resolved, old, mode ?? old?.Mode, digest, durable);
        string directory = Path.GetDirectoryName(resolved)!;
        Leftovers.Remove(directory);

        // A file that is to be 0600 is 0600 from the start; one that is wider gets its mode before the rename.
        _file = TemporaryFile.Create(directory, _mode is null ? Everybody : UnixMode.Private);
        try
        {
            // Now, as a directory that cannot be flushed is to be found out before the target is replaced.
            _directory = OperatingSystem.IsWindows() || !durable ? null : PosixFile.OpenRead(directory);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>How many other names (hard links) the file to be replaced has, which keep the old content.</summary>
    public int OtherNames => _old is { Links: > 1 } old ? (int)old.Links - 1 : 0;

    /// <summary>How much has been written, in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Begins a new version of a file. Missing directories are created.</summary>
    /// <param name="target">The file; a symbolic link stands for the file that it points to.</param>
    /// <param name="mode">Its mode; null keeps the old file's mode, or follows the umask for a new file. Ignored on Windows.</param>
    /// <param name="digest">Whether <see cref="Seal"/> is to return the content's digest.</param>
    /// <param name="durable">Whether <see cref="Commit"/> is to flush; false for what can be made again (after a power cut it may be the old one, the new one, or empty).</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public static AtomicFile Create(FilePath target, UnixFileMode? mode = null, bool digest = true, bool durable = true) => Guard(target, () =>
    {
        string resolved = TargetFile.Resolve(target, out FileStatus? old);
        return new AtomicFile(target, resolved, old, mode, digest, durable);
    });

    /// <summary>Begins a new version of a file that can be made again, so it is not durable: after a power cut it may be the old one, the new one, or empty. Its mode is 0600.</summary>
    /// <param name="target">The file.</param>
    /// <exception cref="KinetraException">As for <see cref="Create"/>.</exception>
    public static AtomicFile CreateVolatile(FilePath target) => Create(target, UnixMode.Private, digest: false, durable: false);

    /// <summary>Writes a whole file atomically.</summary>
    /// <param name="target">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="mode">As for <see cref="Create"/>.</param>
    /// <param name="durable">As for <see cref="Create"/>.</param>
    /// <exception cref="KinetraException">As for <see cref="Create"/> and <see cref="Commit"/>.</exception>
    public static void Write(FilePath target, ReadOnlySpan<byte> content, UnixFileMode? mode = null, bool durable = true)
    {
        using AtomicFile file = Create(target, mode, digest: false, durable);
        file.Append(content);
        file.Seal();
        file.Commit();
    }

    /// <summary>Writes a whole file as <see cref="CreateVolatile"/> does.</summary>
    /// <param name="target">The file.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusablePath"/> or <see cref="DiagnosticCodes.WriteFailed"/>.</exception>
    public static void WriteVolatile(FilePath target, ReadOnlySpan<byte> content)
    {
        using AtomicFile file = CreateVolatile(target);
        file.AppendOnly(content);
        file.Commit();
    }

    /// <summary>Adds to the content.</summary>
    /// <param name="content">The bytes, hashed on their way.</param>
    public void Append(ReadOnlySpan<byte> content)
    {
        if (_digest)
        {
            (_hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).AppendData(content);
        }

        AppendOnly(content);
    }

    /// <summary>Makes this the content.</summary>
    /// <param name="content">The whole of it; must not change until <see cref="Seal"/>.</param>
    public void SetContent(ReadOnlyMemory<byte> content)
    {
        if (!_digest || content.Length < LargeContent)
        {
            Append(content.Span);
            return;
        }

        _background = new BackgroundHash();
        _background.Append(content);
        AppendOnly(content.Span);
    }

    /// <summary>Makes a copy of a file's content this one's.</summary>
    /// <param name="source">The file to copy.</param>
    public void CopyFrom(FilePath source) => _copied = Guard(_target, () => StableFile.Read(source, (from, status) =>
    {
        _file.Restart();
        return FileCopy.Copy(from, status, _file);
    }));

    /// <summary>Forgets the content, to begin anew.</summary>
    public void Restart()
    {
        Guard(_target, () =>
        {
            _file.Restart();
            return true;
        });
        _hash?.GetHashAndReset();
    }

    /// <summary>Ends the content: gives the new version the old one's attributes, and lets the disk begin with it.</summary>
    /// <returns>The SHA-256 of the bytes that were meant to be written, in lower-case hex; empty if it was not asked for.</returns>
    public string Seal()
    {
        Guard(_target, () =>
        {
            KeepAttributes();
            if (_durable)
            {
                NativeFile.StartWriteBack(_file.Handle, 0, _file.Length);
            }

            return true;
        });
        return !_digest ? ""
            : _copied ?? Convert.ToHexStringLower(_background?.Finish() ?? _hash?.GetHashAndReset() ?? SHA256.HashData([]));
    }

    /// <summary>Makes the sealed content durable, so that what is to be durable after it can rely on it.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WriteFailed"/>: the target is unchanged.</exception>
    public void Flush()
    {
        if (!_flushed)
        {
            Guard(_target, () =>
            {
                NativeFile.Flush(_file.Handle);
                return _flushed = true;
            });
        }
    }

    /// <summary>Puts the new version in the target's place, once its content is durable (unless it need not be).</summary>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.WriteFailed"/>: the target is unchanged;
    /// <see cref="DiagnosticCodes.DurabilityUnknown"/>: it is replaced, but a power cut may undo that.
    /// </exception>
    public void Commit()
    {
        if (_durable)
        {
            Flush();
        }

        Replace();
        FlushDirectory();
    }

    /// <summary>Gives the new version a name in the target's directory, only if that is free.</summary>
    /// <param name="name">The file to become.</param>
    /// <returns>False if the name is taken; another can then be tried.</returns>
    /// <exception cref="KinetraException">As for <see cref="Commit"/>.</exception>
    public bool TryCommitNew(FilePath name)
    {
        Flush();
        if (!Guard(name, () => _file.TryRename(name.Full)))
        {
            return false;
        }

        FlushDirectory();
        return true;
    }

    /// <summary>Removes a version that was not committed.</summary>
    public void Dispose()
    {
        _background?.Dispose();
        _hash?.Dispose();
        _file.Dispose();
        _directory?.Dispose();
    }

    private void Replace() => Guard(_target, () =>
    {
        _file.Replace(_resolved);
        return true;
    });

    private void AppendOnly(ReadOnlySpan<byte> content)
    {
        try
        {
            _file.Append(content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(_target, error);
        }
    }

    // Only the superuser can give files away, and not on every file system; a member of the group can keep that at least.
    // Owner first, as a change of it takes set-user-id bits away; the mode last, as an access list has a say in it.
    private void KeepAttributes()
    {
        if (OperatingSystem.IsWindows() || (_old is null && _mode is null))
        {
            return;
        }

        FileStatus own = NativeFile.Status(_file.Handle);
        if (_old is { } old)
        {
            if ((old.User, old.Group) != (own.User, own.Group))
            {
                _ = PosixFile.TryChangeOwner(_file.Handle, old.User, old.Group)
                    || PosixFile.TryChangeOwner(_file.Handle, PosixFile.Unchanged, old.Group);
            }

            ExtendedAttributes.Copy(_resolved, _file.Handle, _mode ?? old.Mode);
        }

        if (_mode is { } mode && (_old is not null || mode != own.Mode))
        {
            PosixFile.SetMode(_file.Handle, mode);
        }
    }

    private void FlushDirectory()
    {
        try
        {
            if (_directory is not null)
            {
                NativeFile.Flush(_directory);
            }
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
