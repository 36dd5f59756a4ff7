using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// A job object of Windows: all that a program starts belongs to it, and the system ends all of it when the last handle is
/// closed, as it is when the build dies. Where there is no job to be had, the calls do nothing.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsJob : IDisposable
{
    // winnt.h: JobObjectBasicAccountingInformation, JobObjectExtendedLimitInformation, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE.
    private const int BasicAccounting = 1;
    private const int ExtendedLimits = 9;
    private const uint KillOnClose = 0x2000;

    private readonly JobHandle _handle;

    private WindowsJob(JobHandle handle) => _handle = handle;

    /// <summary>A job for a process that was just started. What the process started before this call is not in it.</summary>
    /// <param name="process">The process.</param>
    public static WindowsJob For(Process process)
    {
        JobHandle handle = CreateJobObjectW(0, 0);
        WindowsJob job = new(handle);
        if (!handle.IsInvalid && !(job.Limit(KillOnClose) && AssignProcessToJobObject(handle, process.SafeHandle)))
        {
            // It has ended already, or the system allows no job within the one that the build is in.
            handle.Dispose();
        }

        return job;
    }

    /// <summary>How many processes of it run; null if that is not known.</summary>
    public int? Running
    {
        get
        {
            Accounting accounting = default;
            return IsUsable && QueryInformationJobObject(_handle, BasicAccounting, &accounting, (uint)sizeof(Accounting), 0) ? (int)accounting.Active : null;
        }
    }

    /// <summary>The time that processors worked for all that was ever in it; null if that is not known.</summary>
    public TimeSpan? Cpu
    {
        get
        {
            Accounting accounting = default;
            return IsUsable && QueryInformationJobObject(_handle, BasicAccounting, &accounting, (uint)sizeof(Accounting), 0) ? TimeSpan.FromTicks(accounting.UserTime + accounting.KernelTime) : null;
        }
    }

    /// <summary>The most memory that its processes had together, in bytes; null if that is not known.</summary>
    public long? PeakMemory
    {
        get
        {
            Limits limits = default;
            return IsUsable && QueryInformationJobObject(_handle, ExtendedLimits, &limits, (uint)sizeof(Limits), 0) ? (long)limits.PeakJobMemory : null;
        }
    }

    /// <summary>Ends all its processes.</summary>
    /// <param name="exitCode">Their exit code.</param>
    public void Terminate(uint exitCode)
    {
        if (IsUsable)
        {
            _ = TerminateJobObject(_handle, exitCode);
        }
    }

    /// <summary>Lets go of the job: what still runs may go on, as it may on other systems when its step has ended.</summary>
    public void Dispose()
    {
        if (IsUsable)
        {
            _ = Limit(0);
        }

        _handle.Dispose();
    }

    private bool IsUsable => !_handle.IsInvalid && !_handle.IsClosed;

    private bool Limit(uint flags)
    {
        Limits limits = new() { Flags = flags };
        return SetInformationJobObject(_handle, ExtendedLimits, &limits, (uint)sizeof(Limits));
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial JobHandle CreateJobObjectW(nint security, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(JobHandle job, int kind, void* information, uint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(JobHandle job, int kind, void* information, uint size, nint returned);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(JobHandle job, SafeProcessHandle process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(JobHandle job, uint exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);

    // JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
    [StructLayout(LayoutKind.Sequential)]
    private struct Accounting
    {
        public long UserTime;
        public long KernelTime;
        public long PeriodUserTime;
        public long PeriodKernelTime;
        public uint PageFaults;
        public uint Total;
        public uint Active;
        public uint Terminated;
    }

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION: the basic limits, IO_COUNTERS, four sizes.
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint MinimumWorkingSet;
        public nuint MaximumWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint Priority;
        public uint SchedulingClass;
        public fixed ulong Counters[6];
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }

    private sealed class JobHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => CloseHandle(handle);
    }
}
