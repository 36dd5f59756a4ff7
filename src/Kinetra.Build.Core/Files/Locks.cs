namespace Kinetra.Build.Core.Files;

/// <summary>Takes the lock files of the stores, with a coded error where that is impossible.</summary>
internal static class Locks
{
    // Its holder may be backing up a large file meanwhile, at some 100 MB a second on a slow disk.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Waits for a lock, a quarter of an hour at the most.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="name">The lock file's name in it.</param>
    /// <param name="time">Measures the wait.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static FileLock Acquire(FilePath directory, string name, TimeProvider time)
    {
        FilePath file = directory.Combine(name);
        try
        {
            return FileLock.TryAcquire(file.Full, Limit, time)
                ?? throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The lock file {file} has been held by another build for {Limit.TotalMinutes} minutes. Let that build end, or end it if it hangs{WhoHolds(file)}; then build again. Do not remove the file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The lock file {file} cannot be used: {Errno.Describe(error)}. Check that {directory} is writable.", error);
        }
    }

    private static string WhoHolds(FilePath file) => OperatingSystem.IsWindows() ? "" : $" (who it is: fuser -v {ShellText.Quote(file.Display)})";
}
