using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// The shell that outlives the build, and the pipe to it. Only the build holds the pipe's writing end, so its end is the
/// end of the build, whatever the build died of.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe partial class WatchdogProcess
{
    private const int Interrupted = 4;
    private const int WithoutWaiting = 1;
    private const int SigKill = 9;

    // A shell that was stopped reads nothing and does not end; the build must not hang because of it.
    private const int Patience = 2000;

    private readonly SafeHandle _pipe;

    private WatchdogProcess(int id, SafeHandle pipe) => (Id, _pipe) = (id, pipe);

    /// <summary>The shell's process id.</summary>
    public int Id { get; }

    /// <summary>Starts the shell, in a session of its own, with nothing of the build but the pipe.</summary>
    /// <param name="shell">The shell and its first arguments; its path is absolute.</param>
    /// <param name="path">Where it finds <c>grep</c>, <c>cat</c>, <c>sleep</c>.</param>
    /// <param name="gracePeriod">From telling the attempts to stop until they are killed.</param>
    /// <param name="table">The descriptor of the table of living attempts; null if it hears of them by lines.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="IOException">There is no pipe to be had.</exception>
    public static WatchdogProcess Start(IReadOnlyList<string> shell, string path, TimeSpan gracePeriod, int? table)
    {
        string grace = Math.Ceiling(gracePeriod.TotalMilliseconds / 10).ToString(CultureInfo.InvariantCulture);
        string[] arguments = [.. shell, "-c", WatchdogScript.Text, "kinetra-watchdog", grace, .. table is null ? (string[])[] : ["table"]];
        (SafeHandle reader, SafeHandle writer) = OutputPipe.Create();
        int error;
        int pid;
        using (reader)
        {
            error = PosixSpawn.Start(shell[0], arguments, "/", new Dictionary<string, string> { ["PATH"] = path }, (int)reader.DangerousGetHandle(), output: null, out pid, table);
        }

        if (error == 0)
        {
            return new WatchdogProcess(pid, writer);
        }

        writer.Dispose();
        throw new Win32Exception(error, Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>Writes a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>False if the shell has ended or reads no more.</returns>
    public bool TryWrite(string line)
    {
        // At most 4 KiB at a time, which a pipe takes as a whole once it says that it has room: no write waits or is cut.
        return Ask(PollRequest.CanWrite, Patience) != 0 && Descriptors.Write(_pipe, Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Whether the shell still has the pipe's other end; without a wait.</summary>
    public bool IsListening() => Ask(0, 0) == 0;

    private unsafe short Ask(short events, int milliseconds)
    {
        PollRequest request = new((int)_pipe.DangerousGetHandle(), events);
        Descriptors.Wait(&request, 1, milliseconds);
        return request.Happened;
    }

    /// <summary>Says goodbye; the shell ends some milliseconds later.</summary>
    public void SayGoodbye()
    {
        _ = TryWrite("bye");
        _pipe.Dispose();
    }

    /// <summary>Waits for the end of a shell that goodbye was said to.</summary>
    public void WaitForEnd()
    {
        for (long deadline = Environment.TickCount64 + Patience; Environment.TickCount64 < deadline; Thread.Sleep(1))
        {
            if (Wait(WithoutWaiting) != 0)
            {
                return;
            }
        }

        Kill();
    }

    /// <summary>Ends the shell, if it has not ended yet.</summary>
    public void Kill()
    {
        _pipe.Dispose();
        kill(Id, SigKill);
        Wait(0);
    }

    // The process id; 0 if the shell still runs; -1 if somebody else has waited for it.
    private int Wait(int options)
    {
        int result;
        while ((result = waitpid(Id, out _, options)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
