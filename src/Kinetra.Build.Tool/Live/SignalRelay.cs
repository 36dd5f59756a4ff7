using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kinetra.Build.Tool.Live;

/// <summary>
/// While it lives, signals that would end the tool go to the build instead: the tool ends when the build does. What a terminal sends it sends
/// to both, so a first Ctrl-C at a terminal is not passed on.
/// </summary>
internal sealed partial class SignalRelay : IDisposable
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Terminate = 15;

    private readonly Process _build;
    private readonly PosixSignalRegistration[] _registrations;
    private int _interrupts;

    /// <summary>Begins.</summary>
    /// <param name="build">The build.</param>
    public SignalRelay(Process build)
    {
        _build = build;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Relay(context, Interrupt)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Relay(context, Terminate)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Relay(context, Hangup)),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => Relay(context, Quit)),
        ];
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void Relay(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        bool isFromTerminal = signal is Interrupt or Quit && !Console.IsInputRedirected && Interlocked.Increment(ref _interrupts) == 1;

        // On Windows the console tells every process that it has.
        if (!isFromTerminal && !OperatingSystem.IsWindows() && !_build.HasExited)
        {
            _ = kill(_build.Id, signal);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
