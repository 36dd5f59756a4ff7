using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>Waits for pipes and other descriptors, and reads and writes them. A descriptor of -1 is none.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Descriptors
{
    private const int Interrupted = 4;

    /// <summary>Waits until one of them is ready, at most so long.</summary>
    /// <param name="requests">What to wait for; gets what has happened.</param>
    /// <param name="count">How many those are. A pointer and a count, as a span of structures of our own would have to be compiled in every build.</param>
    /// <param name="milliseconds">-1 for ever. What a signal interrupts begins anew.</param>
    public static void Wait(PollRequest* requests, int count, int milliseconds)
    {
        while (poll(requests, (nuint)count, milliseconds) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>How many bytes; 0 at the end, or if it cannot be read.</returns>
    public static int Read(SafeHandle descriptor, Span<byte> buffer)
    {
        nint count;
        fixed (byte* start = buffer)
        {
            while ((count = read(descriptor, start, buffer.Length)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }
        }

        return (int)Math.Max(count, 0);
    }

    /// <summary>Writes some bytes.</summary>
    /// <returns>Whether all were written.</returns>
    public static bool Write(SafeHandle descriptor, ReadOnlySpan<byte> bytes)
    {
        nint count;
        fixed (byte* start = bytes)
        {
            while ((count = write(descriptor, start, bytes.Length)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }
        }

        return count == bytes.Length;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeHandle descriptor, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeHandle descriptor, byte* bytes, nint count);
}

/// <summary>What to wait for: the C library's <c>pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    /// <summary>Something is to be read, or the other end was closed.</summary>
    public const short CanRead = 1;

    /// <summary>There is room to write.</summary>
    public const short CanWrite = 4;

    private readonly int _descriptor;
    private readonly short _events;

    /// <summary>What has happened; 0 for nothing.</summary>
    public short Happened;

    /// <summary>Asks for something.</summary>
    /// <param name="descriptor">The descriptor; -1: nothing ever happens.</param>
    /// <param name="events">What to wait for.</param>
    public PollRequest(int descriptor, short events = CanRead) => (_descriptor, _events) = (descriptor, events);
}
