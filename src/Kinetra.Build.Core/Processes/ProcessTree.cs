using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds the living processes that belong to a started program. Linux: those of its session and those that carry its mark
/// in their environment, wherever they have moved. Elsewhere there is no such list without more privileges, and the
/// process group has to do.
/// </summary>
internal static partial class ProcessTree
{
    private const int Term = 15;
    private const int SigKill = 9;
    private const int NoSession = -1;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // What is being killed may just have started something else, and what cannot be killed is not to be waited for.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    /// <summary>The processes, zombies left out.</summary>
    /// <param name="session">The session's id.</param>
    /// <param name="mark">The mark.</param>
    public static IReadOnlyList<ProcessMember> Members(int session, string mark) =>
        OperatingSystem.IsLinux() ? Scan(session, [Encoding.UTF8.GetBytes(mark)]) : [];

    /// <summary>
    /// Ends what a build that died has left running: told to stop, killed after the grace period. This process and those
    /// above it are spared, as a build may be started from a shell that a step has left behind. Linux only; elsewhere
    /// nothing is found.
    /// </summary>
    /// <param name="marks">The marks of the attempts that were running.</param>
    /// <param name="gracePeriod">How long they may take.</param>
    /// <param name="time">The clock for that.</param>
    /// <returns>How many processes there were.</returns>
    public static int EndLeftovers(IReadOnlyList<string> marks, TimeSpan gracePeriod, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux() || marks.Count == 0)
        {
            return 0;
        }

        byte[][] bytes = [.. marks.Select(Encoding.UTF8.GetBytes)];
        HashSet<int> spared = Ancestors();
        IReadOnlyList<int> Left() => [.. Scan(NoSession, bytes).Select(member => member.Pid).Where(pid => !spared.Contains(pid))];

        HashSet<int> found = [];
        long start = time.GetTimestamp();
        for (IReadOnlyList<int> left = Left(); left.Count > 0 && time.GetElapsedTime(start) < gracePeriod + KillTime; left = Left())
        {
            // Each is told once; what appears later is the work of one that is just clearing up.
            bool first = found.Count == 0;
            found.UnionWith(left);
            if (first || time.GetElapsedTime(start) >= gracePeriod)
            {
                foreach (int pid in left)
                {
                    kill(pid, first && gracePeriod > TimeSpan.Zero ? Term : SigKill);
                }
            }

            Thread.Sleep(PollInterval);
        }

        return found.Count;
    }

    [SupportedOSPlatform("linux")]
    private static List<ProcessMember> Scan(int session, byte[][] marks)
    {
        byte[] buffer = new byte[16 * 1024];
        List<ProcessMember> members = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture, out int pid)
                && ProcessStatus.Read(pid, ref buffer) is { IsAlive: true } status
                && (status.Session == session || HasMark($"/proc/{pid}/environ", marks, ref buffer)))
            {
                members.Add(new ProcessMember(pid, status.Group));
            }
        }

        return members;
    }

    [SupportedOSPlatform("linux")]
    private static bool HasMark(string file, byte[][] marks, ref byte[] buffer)
    {
        ReadOnlySpan<byte> environment = ProcFile.Read(file, ref buffer);
        foreach (byte[] mark in marks)
        {
            if (environment.IndexOf(mark) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    [SupportedOSPlatform("linux")]
    private static HashSet<int> Ancestors()
    {
        byte[] buffer = new byte[1024];
        HashSet<int> ancestors = [];
        for (int pid = Environment.ProcessId; pid > 0 && ancestors.Add(pid);)
        {
            pid = ProcessStatus.Read(pid, ref buffer)?.Parent ?? 0;
        }

        return ancestors;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    /// <summary>What <c>/proc/PID/stat</c> says of a process.</summary>
    private readonly record struct ProcessStatus(bool IsAlive, int Parent, int Group, int Session)
    {
        [SupportedOSPlatform("linux")]
        public static ProcessStatus? Read(int pid, ref byte[] buffer)
        {
            // pid (name) state ppid pgrp session …; the name may hold anything, so look behind its last parenthesis (man 5 proc).
            ReadOnlySpan<byte> text = ProcFile.Read($"/proc/{pid}/stat", ref buffer);
            int name = text.LastIndexOf((byte)')');
            if (name < 0)
            {
                // It has ended meanwhile.
                return null;
            }

            ReadOnlySpan<byte> rest = text[(name + 4)..];
            return new ProcessStatus(text[name + 2] is not ((byte)'Z' or (byte)'X'), Next(ref rest), Next(ref rest), Next(ref rest));
        }

        private static int Next(ref ReadOnlySpan<byte> text)
        {
            _ = Utf8Parser.TryParse(text, out int number, out int length);
            text = text[(length + 1)..];
            return number;
        }
    }
}

/// <summary>A living process of a started program.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Group">Its process group.</param>
internal readonly record struct ProcessMember(int Pid, int Group);
