namespace Kinetra.Build.Core.Files;

/// <summary>The directory that holds state, checksums and locks: 0700, ignored by git, and not open to other users.</summary>
internal static class StateDirectory
{
    /// <summary>Creates the directory if needed and checks that it is safe to use.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.StateUnwritable"/> or <see cref="DiagnosticCodes.UnsafeStateDirectory"/>.
    /// </exception>
    public static void Ensure(FilePath directory)
    {
        try
        {
            PrivateStore.Ensure(directory, "# State of workflow runs: local to this machine.");
            RefuseUnsafe(directory);
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WriteFailed or DiagnosticCodes.DurabilityUnknown)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The directory {directory} cannot be used. {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The directory {directory} cannot be created: {Errno.Describe(error)}. Check that its parent is a writable directory.", error);
        }
    }

    private static void RefuseUnsafe(FilePath directory)
    {
        if (PrivateStore.IsUnsafe(directory))
        {
            throw new KinetraException(DiagnosticCodes.UnsafeStateDirectory, $"The directory {directory} belongs to another user and everybody may write to it. Remove the right (chmod o-w {directory}) or choose another directory with KinetraStateDirectory.");
        }
    }
}
