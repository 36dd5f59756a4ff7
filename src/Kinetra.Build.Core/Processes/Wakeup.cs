using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// A descriptor by which another thread ends a wait of <see cref="Descriptors.Wait"/>. Each thread keeps one for its next
/// program. It may be set once too often; whoever waits looks what has really happened.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class Wakeup
{
    private const int CloseOnExec = 0x80000;

    [ThreadStatic]
    private static Wakeup? _kept;

    private readonly SafeHandle _reader;
    private readonly SafeHandle _writer;

    private Wakeup(SafeHandle reader, SafeHandle writer) => (_reader, _writer) = (reader, writer);

    /// <summary>What to wait for.</summary>
    public int Descriptor => (int)_reader.DangerousGetHandle();

    /// <summary>One that nobody else of this thread uses.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    public static Wakeup Take()
    {
        Wakeup wakeup = _kept ?? Create();
        _kept = null;
        return wakeup;
    }

    /// <summary>Keeps it for the thread's next program.</summary>
    public void GiveBack() => _kept = this;

    /// <summary>Ends the wait, now or as soon as it begins.</summary>
    public void Set() => Descriptors.Write(_writer, [1, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Makes it ready for the next wait.</summary>
    public void Clear() => Descriptors.Read(_reader, stackalloc byte[8]);

    private static Wakeup Create()
    {
        // One descriptor where two ends of a pipe do the same elsewhere.
        if (OperatingSystem.IsLinux() && eventfd(0, CloseOnExec) is var descriptor and >= 0)
        {
            SafeFileHandle handle = new(descriptor, ownsHandle: true);
            return new Wakeup(handle, handle);
        }

        (SafeHandle reader, SafeHandle writer) = OutputPipe.Create();
        return new Wakeup(reader, writer);
    }

    [LibraryImport("libc")]
    private static partial int eventfd(uint value, int flags);
}
