using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// A file in the making, under a name that nobody can guess or has planted a link at, in the directory that it is meant
/// for. Its writer holds a lock on it, so that what a killed writer left can be told from what is still being written
/// (<see cref="Leftovers"/>). <see cref="Dispose"/> removes it unless it was renamed.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    /// <summary>How the names begin.</summary>
    public const string Prefix = ".kinetra-";

    /// <summary>How the names end.</summary>
    public const string Suffix = ".tmp";

    /// <summary>So much is written before the disk is asked to begin.</summary>
    public const int PieceSize = 8 * 1024 * 1024;

    private bool _renamed;

    // How much the disk was asked to begin with.
    private long _begun;

    private TemporaryFile(string path, SafeFileHandle handle) => (Path, Handle) = (path, handle);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The open file; closed by <see cref="Dispose"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>How much has been written.</summary>
    public long Length { get; private set; }

    /// <summary>Creates an empty one. The directory is created if it does not exist.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="mode">Its mode, less what the umask takes.</param>
    public static TemporaryFile Create(string directory, UnixFileMode mode)
    {
        while (true)
        {
            // Fixed length, so that a target name of 255 bytes works; unpredictable, so that nobody can plant a link there. (A
            // version 4 Guid is 122 bits of the system's secure random numbers, and does not load OpenSSL for them.)
            string path = System.IO.Path.Combine(directory, $"{Prefix}{Guid.NewGuid():N}{Suffix}");
            TemporaryFile created = new(path, Open(path, directory, mode));
            if (created.IsOurs())
            {
                return created;
            }

            // Somebody who cleans up was faster than our lock.
            created.Dispose();
        }
    }

    /// <summary>Adds to the content.</summary>
    /// <exception cref="TemporaryFileException">It could not be written.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            ReadOnlySpan<byte> piece = content[..Math.Min(content.Length, PieceSize)];
            try
            {
                NativeFile.Write(Handle, piece, Length);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new TemporaryFileException(Errno.Describe(error), error);
            }

            Written(piece.Length);
            content = content[piece.Length..];
        }
    }

    /// <summary>Says that a piece was added through the handle.</summary>
    public void Written(long count)
    {
        Length += count;
        if (Length - _begun >= PieceSize)
        {
            NativeFile.StartWriteBack(Handle, _begun, Length - _begun);
            _begun = Length;
        }
    }

    /// <summary>Forgets what has been written.</summary>
    public void Restart()
    {
        if (Length > 0)
        {
            NativeFile.SetLength(Handle, 0);
            (Length, _begun) = (0, 0);
        }
    }

    /// <summary>Puts it in the place of another file, or of none.</summary>
    public void Replace(string target)
    {
        CloseOnWindows();
        NativeFile.Rename(Path, target);
        Renamed();
    }

    /// <summary>Gives it a name that is free.</summary>
    /// <returns>False if the name is taken.</returns>
    public bool TryRename(string name)
    {
        CloseOnWindows();
        if (!NativeFile.RenameNoReplace(Path, name))
        {
            return false;
        }

        Renamed();
        return true;
    }

    /// <summary>
    /// Gives it a name that is free, as <see cref="TryRename"/>, but where the system can it keeps the temporary one beside it,
    /// until <see cref="Dispose"/>: if the writer is killed in between, it can be seen that this file was not yet accounted for.
    /// </summary>
    /// <returns>False if the name is taken.</returns>
    public bool TryPublish(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryRename(name);
        }

        try
        {
            return PosixFile.Link(Path, name);
        }
        catch (NativeFileException error) when (error.Number == Errno.NotPermitted || Errno.MeansUnsupported(error.Number))
        {
            // A file system without hard links.
            return TryRename(name);
        }
    }

    /// <summary>Removes the temporary name, if the file still has it.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        if (!_renamed)
        {
            try
            {
                NativeFile.Remove(Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone with its directory, or not to be removed for the reason that the write failed, which is reported; the next
                // writer in this directory removes it.
            }
        }
    }

    private static SafeFileHandle Open(string path, string directory, UnixFileMode mode)
    {
        try
        {
            return NativeFile.CreateNew(path, mode);
        }
        catch (IOException error) when (error is DirectoryNotFoundException or NativeFileException { Number: Errno.NotFound })
        {
            NativeFile.CreateDirectory(directory);
            return NativeFile.CreateNew(path, mode);
        }
    }

    // The lock goes at once: a program that wants the new file for itself alone must not find it locked.
    private void Renamed()
    {
        _renamed = true;
        if (!OperatingSystem.IsWindows())
        {
            PosixFile.Unlock(Handle);
        }
    }

    private bool IsOurs()
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            return PosixFile.TryLockShared(Handle) && PosixStatus.Of(Handle).Links > 0;
        }
        catch (NativeFileException error) when (Errno.MeansUnsupported(error.Number))
        {
            // A file system without locks: nobody else can lock it either, so nobody takes it for a leftover.
            return true;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // Windows does not rename what is open without the right to delete, which .NET does not ask for.
    private void CloseOnWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            Handle.Dispose();
        }
    }
}

/// <summary>What is wrong is the new file, not the one that it is copied from.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="inner">The error of the system; null if there was none.</param>
internal sealed class TemporaryFileException(string message, Exception? inner = null) : IOException(message, inner);
