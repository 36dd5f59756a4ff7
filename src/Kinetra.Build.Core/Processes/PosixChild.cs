using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>A program on Linux or macOS, the leader of a session of its own.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe partial class PosixChild : IChild
{
    private const int Interrupted = 4;
    private const int Term = 15;
    private const int SigKill = 9;
    private const int PidType = 1;
    private const int Exited = 4;

    // Reaping is put off until nothing is signalled any more: until then the process id cannot be given to another process.
    private static readonly int WithoutReaping = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    private readonly string _mark;

    private PosixChild(int pid, string mark, Stream output) => (Id, _mark, Outputs) = (pid, mark, [output]);

    public int Id { get; }

    public IReadOnlyList<Stream> Outputs { get; }

    /// <summary>Starts a program.</summary>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static PosixChild Start(string program, ProcessSpec spec)
    {
        (Stream reader, SafeHandle writer) = OutputPipe.Create();
        int error;
        int pid;
        using (writer)
        {
            error = PosixSpawn.Start(program, spec.Arguments, spec.WorkingDirectory, spec.Environment, input: null, (int)writer.DangerousGetHandle(), out pid);
        }

        if (error == 0)
        {
            return new PosixChild(pid, spec.Mark, reader);
        }

        reader.Dispose();
        throw new Win32Exception(error, Marshal.GetPInvokeErrorMessage(error));
    }

    public int WaitForExit()
    {
        byte* information = stackalloc byte[256];
        while (waitid(PidType, Id, information, Exited | WithoutReaping) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new KinetraException(DiagnosticCodes.CannotStart, $"The exit code of process {Id} is not to be had: {Marshal.GetLastPInvokeErrorMessage()}. Whatever started the build ignores SIGCHLD; start the build without that.");
            }
        }

        // Still a zombie, so the status can be read without freeing the process id; waitpid would free it.
        return ExitCodeOf(information);
    }

    public bool HasDescendants() => OperatingSystem.IsLinux() ? ProcessTree.Members(Id, _mark).Any(member => member.Pid != Id) : kill(-Id, 0) == 0;

    // The group covers what stays together; the session and the mark in the environment what has moved away. A second signal
    // means "at once" to many programs, so those of the group get no second one.
    public void Terminate()
    {
        kill(-Id, Term);
        foreach (ProcessMember stray in ProcessTree.Members(Id, _mark).Where(member => member.Group != Id))
        {
            kill(stray.Pid, Term);
        }
    }

    public void Kill()
    {
        // A process that is being killed may just have started another one: until none is left, or there is no point.
        for (int round = 0; round < 20; round++)
        {
            kill(-Id, SigKill);
            IReadOnlyList<ProcessMember> members = ProcessTree.Members(Id, _mark);
            if (members.Count == 0)
            {
                return;
            }

            foreach (ProcessMember member in members)
            {
                kill(member.Pid, SigKill);
            }

            Thread.Sleep(2);
        }
    }

    public void Dispose()
    {
        while (waitpid(Id, out _, 0) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    // siginfo_t: si_code at 8 on both; si_status at 24 on Linux (after siId and si_uid at 16), at 20 on macOS.
    private static int ExitCodeOf(byte* information)
    {
        const int ExitedByItself = 1;
        int code = *(int*)(information + 8);
        int status = *(int*)(information + (OperatingSystem.IsMacOS() ? 20 : 24));
        return code == ExitedByItself ? status & 0xff : 128 + status;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int type, int id, byte* information, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
