using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>The contents in a cache, each once, under its digest and never changed.</summary>
internal sealed class ObjectStore(CacheDirectory directory)
{
    // It is created so, as who creates a file may write to it all the same.
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead;

    /// <summary>Adds the content of an output, unless it is there.</summary>
    /// <param name="output">The output.</param>
    /// <param name="projectDirectory">What its path is relative to.</param>
    /// <returns>False if the output is not any more what it says, or cannot be read.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Add(CachedOutput output, string projectDirectory)
    {
        FilePath target = directory.Object(output.Sha256);
        return directory.Guard(target, () =>
        {
            directory.MakeFor(target);
            FileStatus? known = NativeFile.Status(target.Full, follow: false);
            if (known is { Kind: FileKind.File } found && found.Size == output.Size)
            {
                directory.Touch(target, found);
                return true;
            }

            using TemporaryFile? copy = TryCopy(output, FilePath.Resolve(projectDirectory, output.Path));
            if (copy is null)
            {
                return false;
            }

            if (known is null)
            {
                // A free name only: if another was faster, its content is as good.
                _ = copy.TryRename(target.Full);
            }
            else
            {
                // A power cut has left it empty, or somebody has cut it.
                copy.Replace(target.Full);
            }

            directory.Touch(target);
            return true;
        });
    }

    /// <summary>Whether a content is there; not whether it is sound.</summary>
    /// <param name="output">Whose content.</param>
    public bool Has(CachedOutput output)
    {
        FilePath file = directory.Object(output.Sha256);
        return directory.Guard(file, () => NativeFile.Exists(file.Full));
    }

    /// <summary>Whether a content is there and as long as it should be; it is not read.</summary>
    /// <param name="output">Whose content.</param>
    public bool LooksWhole(CachedOutput output)
    {
        FilePath file = directory.Object(output.Sha256);
        return directory.Guard(file, () => NativeFile.Status(file.Full) is { Kind: FileKind.File } status && status.Size == output.Size);
    }

    /// <summary>Copies a content to a file in the making, and verifies the copy.</summary>
    /// <param name="output">Whose content.</param>
    /// <param name="file">What it is to become, sealed by this.</param>
    /// <returns>False if the content is missing or damaged; it is removed then.</returns>
    /// <exception cref="KinetraException">It cannot be read, or the file not be written.</exception>
    public bool TryCopyTo(CachedOutput output, AtomicFile file)
    {
        FilePath source = directory.Object(output.Sha256);
        try
        {
            file.CopyFrom(source);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.FileMissing)
        {
            return false;
        }

        if (file.Seal() == output.Sha256)
        {
            return true;
        }

        CacheDirectory.RemoveDamaged(source);
        return false;
    }

    // Verified as it is copied: what gets the name of a digest has that digest, whatever happens to the output meanwhile.
    private TemporaryFile? TryCopy(CachedOutput output, FilePath source)
    {
        Leftovers.Remove(directory.Objects.Full);
        TemporaryFile copy = TemporaryFile.Create(directory.Objects.Full, ReadOnly);
        bool isSame = false;
        try
        {
            string sha256 = StableFile.Read(source, (from, status) =>
            {
                copy.Restart();
                return FileCopy.Copy(from, status, copy);
            });
            isSame = sha256 == output.Sha256 && copy.Length == output.Size;
            return isSame ? copy : null;
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.FileMissing or DiagnosticCodes.FileUnreadable or DiagnosticCodes.UnusablePath)
        {
            // It is the output that has changed, not the cache that is at fault.
            return null;
        }
        finally
        {
            if (!isSame)
            {
                copy.Dispose();
            }
        }
    }
}
