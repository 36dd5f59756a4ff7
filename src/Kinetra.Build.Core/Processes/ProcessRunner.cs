using System.ComponentModel;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Runs a program to its end: output taken as it comes, stdin at end of file, the whole tree ended on a time-out or a
/// cancellation. Returns though a process that the program left behind keeps the output open.
/// </summary>
public sealed class ProcessRunner
{
    private readonly TimeProvider _time;
    private readonly Watchdog? _watchdog;

    /// <summary>Creates a runner.</summary>
    /// <param name="time">The clock for time-outs.</param>
    /// <param name="watchdog">Ends the program's tree if this process dies; null: nobody does.</param>
    public ProcessRunner(TimeProvider time, Watchdog? watchdog = null) => (_time, _watchdog) = (time, watchdog);

    /// <summary>Runs a program.</summary>
    /// <param name="spec">The program.</param>
    /// <param name="output">Takes what it writes.</param>
    /// <param name="limits">How long it may take.</param>
    /// <param name="cancellation">Ends the program's tree.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.CannotStart"/>.</exception>
    /// <exception cref="IOException">The output's log could not be written.</exception>
    public ProcessResult Run(ProcessSpec spec, StepOutput output, ProcessLimits limits, CancellationToken cancellation)
    {
        string program = spec.Program ?? Find(spec);
        using WatchedAttempt? watched = _watchdog?.Begin(spec.Mark);
        using IChild child = Start(program, spec);
        bool held;
        ProcessEnd end;
        try
        {
            watched?.Started(child.Id);
            end = Supervise(child, output, limits, out held, cancellation);
        }
        catch
        {
            // Whoever takes the output has failed; nobody would wait for the program any more.
            child.Kill();
            throw;
        }
        finally
        {
            // Before the child's process id is freed, so that nobody ends another process that has it by then.
            watched?.Dispose();
        }

        ChildEnd ended = child.Reap();
        output.Complete();
        return new ProcessResult(end, ended.ExitCode, held) { Cpu = ended.Cpu, PeakMemory = ended.PeakMemory };
    }

    private ProcessEnd Supervise(IChild child, StepOutput output, ProcessLimits limits, out bool outputHeld, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsSupervisor.Run((WindowsChild)child, output, limits, out outputHeld, _time, cancellation);
        }

        using PosixSupervisor supervisor = new((PosixChild)child, output, _time, cancellation);
        return supervisor.Run(limits, out outputHeld);
    }

    private static string Find(ProcessSpec spec) => ProgramPath.Find(spec.Arguments[0], spec.WorkingDirectory, spec.Environment)
        ?? throw new KinetraException(DiagnosticCodes.CannotStart, $"The program \"{spec.Arguments[0]}\" was not found, neither as a path nor on PATH, or is not executable. Check its name, install it, or give its path.");

    private static IChild Start(string path, ProcessSpec spec)
    {
        try
        {
            return OperatingSystem.IsWindows() ? WindowsChild.Start(path, spec) : PosixChild.Start(path, spec);
        }
        catch (Win32Exception error)
        {
            throw new KinetraException(DiagnosticCodes.CannotStart, $"The program \"{spec.Arguments[0]}\" could not be started: {error.Message}. {(IsTooLong(error) ? "Its command line, or that with the environment, is too long for this system." : "Check that it is executable on this machine.")}", error);
        }
    }

    /// <summary>Whether a program could not be started because what it is given is too long for the system: E2BIG, on Windows ERROR_FILENAME_EXCED_RANGE.</summary>
    /// <param name="error">Why it could not be started.</param>
    internal static bool IsTooLong(Win32Exception error) => error.NativeErrorCode == (OperatingSystem.IsWindows() ? 206 : 7);
}
