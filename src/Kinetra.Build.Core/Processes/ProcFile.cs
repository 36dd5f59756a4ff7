using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Reads the files of Linux's <c>/proc</c>. A process that has ended and one that belongs to somebody else are the rule there,
/// and an exception for each would cost more than the whole scan.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class ProcFile
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Where to, replaced by a larger one if it is too small.</param>
    /// <returns>The content; empty if it cannot be read.</returns>
    public static ReadOnlySpan<byte> Read(string path, ref byte[] buffer)
    {
        int descriptor = open(path, CloseOnExec);
        if (descriptor < 0)
        {
            return [];
        }

        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                nint count;
                fixed (byte* start = buffer)
                {
                    count = read(descriptor, start + length, buffer.Length - length);
                }

                if (count <= 0)
                {
                    return buffer.AsSpan(0, length);
                }

                length += (int)count;
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
