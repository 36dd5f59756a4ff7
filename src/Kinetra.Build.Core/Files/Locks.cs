namespace Kinetra.Build.Core.Files;

/// <summary>Takes the lock files of the stores, with a coded error where that is impossible.</summary>
internal static class Locks
{
    /// <summary>Waits for a lock.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="name">The lock file's name in it.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static FileLock Acquire(FilePath directory, string name)
    {
        FilePath file = directory.Combine(name);
        try
        {
            return FileLock.Acquire(file.Full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The lock file {file} cannot be used: {Errno.Describe(error)}. Check that {directory} is writable.", error);
        }
    }
}
