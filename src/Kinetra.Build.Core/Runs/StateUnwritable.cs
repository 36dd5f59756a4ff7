using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>Gives whatever keeps journal or state from being written its code.</summary>
internal static class StateUnwritable
{
    /// <summary>Does something that writes.</summary>
    /// <param name="runId">Whose journal or state it is.</param>
    /// <param name="write">Writes.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static void Guard(string runId, Action write) => Guard(runId, () =>
    {
        write();
        return true;
    });

    /// <summary>Does something that writes, or looks at what is there.</summary>
    /// <param name="runId">Whose journal or state it is.</param>
    /// <param name="write">Writes.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.StateUnwritable"/>.</exception>
    public static T Guard<T>(string runId, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (KinetraException error) when (error.Code is DiagnosticCodes.WriteFailed or DiagnosticCodes.DurabilityUnknown)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The state of run {runId} cannot be written. {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KinetraException(DiagnosticCodes.StateUnwritable, $"The journal of run {runId} cannot be written: {Errno.Describe(error)}. Check that the disk has room and the state directory is writable.", error);
        }
    }
}
