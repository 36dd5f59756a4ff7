using System.Globalization;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Finds the living processes that belong to a started program. Linux: those of its session and those that carry its mark
/// in their environment, wherever they have moved. Elsewhere there is no such list without more privileges, and the
/// process group has to do.
/// </summary>
internal static class ProcessTree
{
    /// <summary>The processes, zombies left out.</summary>
    /// <param name="session">The session's id.</param>
    /// <param name="mark">The mark.</param>
    public static IReadOnlyList<ProcessMember> Members(int session, string mark)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        byte[] bytes = Encoding.UTF8.GetBytes(mark);
        List<ProcessMember> members = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid) && GroupIfMember(directory, session, bytes) is { } group)
            {
                members.Add(new ProcessMember(pid, group));
            }
        }

        return members;
    }

    private static int? GroupIfMember(string directory, int session, byte[] mark)
    {
        try
        {
            // pid (name) state ppid pgrp session …; the name may hold anything, so look behind its last parenthesis (man 5 proc).
            string status = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            bool dead = fields[0] is "Z" or "X";
            bool belongs = !dead && (Number(fields[3]) == session || Contains(Path.Combine(directory, "environ"), mark));
            return belongs ? Number(fields[2]) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or belongs to another user and so is none of ours.
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static bool Contains(string file, byte[] mark) => File.ReadAllBytes(file).AsSpan().IndexOf(mark) >= 0;
}

/// <summary>A living process of a started program.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Group">Its process group.</param>
internal readonly record struct ProcessMember(int Pid, int Group);
