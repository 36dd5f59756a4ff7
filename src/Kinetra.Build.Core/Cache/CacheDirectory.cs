using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Cache;

/// <summary>Where the files of a cache lie, and whether they may be used. What goes wrong is said with its path.</summary>
/// <param name="root">The cache's directory.</param>
/// <param name="time">The clock that says what was used when.</param>
internal sealed class CacheDirectory(FilePath root, TimeProvider time)
{
    /// <summary>How long content that no step needs is left alone, as the entry that needs it may be about to be written.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    // Often enough to tell what is used from what is not, and long before the grace is over.
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(30);

    private const int DigestLength = 64;
    private const string EntryExtension = ".json";

    // Whether it was there and safe when it was looked at, which is once.
    private volatile bool _isChecked;

    /// <summary>The directory of contents, one file for each digest.</summary>
    public FilePath Objects { get; } = root.Combine("objects");

    /// <summary>The directory of steps, one file for each fingerprint.</summary>
    public FilePath Steps { get; } = root.Combine("steps");

    /// <summary>Whether a text is a digest, and so may be part of a path.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>Where a content is.</summary>
    /// <param name="sha256">Its digest.</param>
    public FilePath Object(string sha256) => Objects.Combine(Path.Combine(sha256[..2], sha256));

    /// <summary>Where a step is.</summary>
    /// <param name="fingerprint">Its fingerprint.</param>
    public FilePath Step(string fingerprint) => IsDigest(fingerprint)
        ? Steps.Combine(Path.Combine(fingerprint[..2], fingerprint + EntryExtension))
        : throw new ArgumentException($"\"{fingerprint}\" is no fingerprint", nameof(fingerprint));

    /// <summary>The digest or fingerprint that a file is named after; null for a file that is none of ours.</summary>
    /// <param name="path">A file below <see cref="Objects"/> or <see cref="Steps"/>.</param>
    /// <param name="isStep">Which of them.</param>
    public static string? NameOf(string path, bool isStep)
    {
        string name = Path.GetFileName(path);
        if (isStep)
        {
            name = name.EndsWith(EntryExtension, StringComparison.Ordinal) ? name[..^EntryExtension.Length] : "";
        }

        return IsDigest(name) && Path.GetFileName(Path.GetDirectoryName(path)) == name[..2] ? name : null;
    }

    /// <summary>All that is kept, each with the digest or fingerprint that it is named after. Whatever else lies there is not ours.</summary>
    /// <param name="isStep">The steps, or the contents.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public IReadOnlyList<(string Name, FilePath File)> All(bool isStep)
    {
        FilePath folder = isStep ? Steps : Objects;
        return Guard(folder, () =>
        {
            List<(string, FilePath)> found = [];
            if (Directory.Exists(folder.Full))
            {
                foreach (string path in Directory.EnumerateDirectories(folder.Full).SelectMany(Directory.EnumerateFiles))
                {
                    if (NameOf(path, isStep) is { } name)
                    {
                        found.Add((name, isStep ? Step(name) : Object(name)));
                    }
                }
            }

            return found;
        });
    }

    /// <summary>Whether there is a cache that may be read.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public bool Exists() => _isChecked || Guard(root, () =>
    {
        if (NativeFile.Status(root.Full) is not { } status)
        {
            return false;
        }

        if (status.Kind != FileKind.Directory)
        {
            throw new IOException("it is not a directory");
        }

        if (PrivateStore.IsUnsafe(root))
        {
            throw new IOException($"it belongs to another user and everybody may write to it, so that anybody could plant outputs (chmod o-w {root} removes the right)");
        }

        return _isChecked = true;
    });

    /// <summary>Makes the directory of a file that is about to be written, and all above it.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public void MakeFor(FilePath file) => Guard(file, () =>
    {
        string directory = Path.GetDirectoryName(file.Full)!;
        if (_isChecked && NativeFile.Exists(directory))
        {
            return true;
        }

        PrivateStore.Ensure(root, "# Outputs of workflow steps: local to this machine, safe to delete.");
        _ = Exists();
        Make(Path.GetDirectoryName(directory)!);
        Make(directory);
        return true;
    });

    /// <summary>Notes that a file was used now, unless that was noted a short time ago.</summary>
    /// <param name="file">The file.</param>
    /// <param name="status">What it is.</param>
    public void Touch(FilePath file, FileStatus status)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (status.Modified <= FileStatus.Timestamp(now - TouchInterval) || status.Modified > FileStatus.Timestamp(now + TouchInterval))
        {
            Touch(file);
        }
    }

    /// <summary>Notes that a file was used now.</summary>
    /// <param name="file">The file.</param>
    public void Touch(FilePath file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file.Full, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Removed meanwhile, or a cache that may only be read: it is forgotten a little earlier.
        }
    }

    /// <summary>Removes a file that is damaged. Where that is not permitted it stays, and is found damaged each time.</summary>
    /// <param name="file">The file.</param>
    public static void RemoveDamaged(FilePath file)
    {
        try
        {
            NativeFile.Remove(file.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Does something to a file of the cache.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CacheUnusable"/>.</exception>
    public T Guard<T>(FilePath file, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (KinetraException error) when (error.Code != DiagnosticCodes.CacheUnusable)
        {
            throw Unusable(error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{file}: {Errno.Describe(error)}.", error);
        }
    }

    /// <summary>The error that says that the cache cannot be used.</summary>
    /// <param name="reason">A sentence with the path.</param>
    /// <param name="error">The cause.</param>
    public KinetraException Unusable(string reason, Exception error) => new(
        DiagnosticCodes.CacheUnusable,
        $"The step cache {root} cannot be used. {reason} Steps run as if there were none. Make room or set the rights, name another directory with KinetraCacheDirectory, or leave that empty to do without a cache.",
        error);

    // Not durably, as nothing in it is.
    private static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixMode.PrivateDirectory);
        }
    }
}
