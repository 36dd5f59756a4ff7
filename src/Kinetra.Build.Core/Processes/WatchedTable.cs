using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// The living attempts, in memory that outlives the build as long as the watchdog has it: a line of a fixed length for each, with
/// its mark and its process id, or with blanks. So the watchdog sleeps until the build dies, instead of reading of each attempt.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WatchedTable : IDisposable
{
    private const uint CloseOnExec = 1;

    // A page is a multiple of it, so a line is written as a whole or not at all, whenever the build is killed.
    private const int LineLength = 256;

    private static readonly byte[] Blank = Encoding.ASCII.GetBytes(new string(' ', LineLength));

    private readonly SafeFileHandle _memory;
    private readonly IndexStack _free = new();
    private readonly byte[] _line = new byte[LineLength];
    private int _count;

    private WatchedTable(SafeFileHandle memory) => _memory = memory;

    /// <summary>The memory, as a file.</summary>
    public int Descriptor => (int)_memory.DangerousGetHandle();

    /// <summary>Creates an empty table.</summary>
    /// <returns>Null if there is none to be had.</returns>
    public static WatchedTable? TryCreate() =>
        OperatingSystem.IsLinux() && memfd_create("kinetra-watchdog", CloseOnExec) is var descriptor and >= 0 ? new WatchedTable(new SafeFileHandle(descriptor, ownsHandle: true)) : null;

    /// <summary>Enters an attempt.</summary>
    /// <param name="mark">Its mark, without blanks, at most 200 bytes.</param>
    /// <returns>Its line; -1 if it could not be written.</returns>
    public int Add(string mark)
    {
        int line = _free.Count > 0 ? _free.Pop() : _count++;
        if (Write(line, mark, null))
        {
            return line;
        }

        _free.Push(line);
        return -1;
    }

    /// <summary>Enters an attempt's process id.</summary>
    public void SetGroup(int line, string mark, int group) => Write(line, mark, group);

    /// <summary>Takes an attempt out.</summary>
    public void Remove(int line)
    {
        Write(line, "", null);
        _free.Push(line);
    }

    public void Dispose() => _memory.Dispose();

    private bool Write(int line, string mark, int? group)
    {
        Blank.CopyTo(_line, 0);
        int length = Encoding.ASCII.GetBytes(mark, _line);
        _ = group is { } id && id.TryFormat(_line.AsSpan(length + 1), out _, default, CultureInfo.InvariantCulture);
        _line[^1] = (byte)'\n';
        fixed (byte* start = _line)
        {
            return pwrite64(_memory, start, LineLength, (long)line * LineLength) == LineLength;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc")]
    private static partial nint pwrite64(SafeFileHandle file, byte* bytes, nint count, long offset);
}
