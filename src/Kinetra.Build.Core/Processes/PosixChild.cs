using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>A program on Linux or macOS, the leader of a session of its own.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe partial class PosixChild : IChild
{
    private const int Interrupted = 4;
    private const int Term = 15;
    private const int SigKill = 9;
    private const int PidType = 1;
    private const int WithoutWaiting = 1;
    private const int Exited = 4;
    private const int Self = 0;

    // The number of pidfd_open is the same on all processors that .NET knows.
    private const nint PidFdOpen = 434;

    // Reaping is put off until nothing is signalled any more: until then the process id cannot be given to another process.
    private static readonly int WithoutReaping = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    private readonly string _mark;
    private readonly SafeHandle _writer;
    private readonly SafeFileHandle? _end;
    private bool _reaped;

    private PosixChild(int pid, string mark, SafeHandle reader, SafeHandle writer)
    {
        (Id, _mark, Output, _writer) = (pid, mark, reader, writer);

        // Older kernels do not have it, and some containers do not allow it.
        int descriptor = OperatingSystem.IsLinux() ? (int)syscall(PidFdOpen, pid, 0) : -1;
        _end = descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public int Id { get; }

    /// <summary>The reading end of the pipe that has its output and its errors: one, so that their order is kept.</summary>
    public SafeHandle Output { get; }

    /// <summary>A descriptor that can be read once the program has ended; -1 if there is none, and <see cref="HasEnded"/> has to be asked.</summary>
    public int End => (int)(_end?.DangerousGetHandle() ?? -1);

    /// <summary>Starts a program.</summary>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    /// <exception cref="IOException">There is no pipe to be had.</exception>
    public static PosixChild Start(string program, ProcessSpec spec)
    {
        (SafeHandle reader, SafeHandle writer) = OutputPipe.Create();
        int error = PosixSpawn.Start(program, spec.Arguments, spec.WorkingDirectory, spec.Environment, input: null, (int)writer.DangerousGetHandle(), out int pid);
        if (error == 0)
        {
            return new PosixChild(pid, spec.Mark, reader, writer);
        }

        reader.Dispose();
        writer.Dispose();
        throw new Win32Exception(error, Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>
    /// Lets go of the pipe's writing end, which is kept until the program has ended: a wait for output and for the end then has but
    /// one reason to return when both come at the same time, as they do. From now on the pipe ends when the last process has closed it.
    /// </summary>
    public void CloseWriter() => _writer.Dispose();

    /// <summary>Whether the program has ended, not whether what it started has.</summary>
    public bool HasEnded()
    {
        byte* information = stackalloc byte[256];
        NativeMemory.Clear(information, 256);
        while (waitid(PidType, Id, information, Exited | WithoutReaping | WithoutWaiting) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                // Somebody else has waited for it: Reap will tell.
                return true;
            }
        }

        // siginfo_t: si_signo is first, and stays 0 while it runs.
        return *(int*)information != 0;
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

    public ChildEnd Reap()
    {
        byte* usage = stackalloc byte[512];
        int status;
        while (wait4(Id, &status, 0, usage) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                _reaped = true;
                throw new KinetraException(DiagnosticCodes.CannotStart, $"The exit code of process {Id} is not to be had: {Marshal.GetLastPInvokeErrorMessage()}. Whatever started the build ignores SIGCHLD; start the build without that.");
            }
        }

        _reaped = true;
        int signal = status & 0x7f;
        return new ChildEnd(signal == 0 ? (status >> 8) & 0xff : 128 + signal, TimeAt(usage) + TimeAt(usage + (2 * sizeof(nint))), PeakMemory(usage));
    }

    public void Dispose()
    {
        Output.Dispose();
        _writer.Dispose();
        _end?.Dispose();
        int status;
        while (!_reaped && wait4(Id, &status, 0, null) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    // struct rusage begins with two struct timeval (user, system) and ru_maxrss; tv_usec has 4 bytes on macOS.
    private static TimeSpan TimeAt(byte* time) => TimeSpan.FromSeconds(*(nint*)time) + TimeSpan.FromMicroseconds(*(int*)(time + sizeof(nint)));

    private static long? PeakMemory(byte* usage)
    {
        long peak = *(nint*)(usage + (4 * sizeof(nint)));
        if (OperatingSystem.IsMacOS())
        {
            return peak;
        }

        // A process of posix_spawn begins with the memory of this one, and Linux counts that as its own (exec_mmap): what is not
        // more than this process had tells nothing.
        byte* own = stackalloc byte[512];
        return getrusage(Self, own) == 0 && peak > *(nint*)(own + (4 * sizeof(nint))) ? peak * 1024 : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int type, int id, byte* information, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, byte* usage);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int who, byte* usage);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    [SupportedOSPlatform("linux")]
    private static partial nint syscall(nint number, nint first, nint second);
}
