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
    /// <summary>The process ids, zombies left out.</summary>
    /// <param name="session">The session's id.</param>
    /// <param name="mark">The mark.</param>
    public static IReadOnlyList<int> Members(int session, string mark)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        byte[] bytes = Encoding.UTF8.GetBytes(mark);
        List<int> members = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid) && Belongs(directory, session, bytes))
            {
                members.Add(pid);
            }
        }

        return members;
    }

    private static bool Belongs(string directory, int session, byte[] mark)
    {
        try
        {
            // pid (name) state ppid pgrp session …; the name may hold anything, so look behind its last parenthesis (man 5 proc).
            string status = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            bool dead = fields[0] is "Z" or "X";
            return !dead && (int.Parse(fields[3], CultureInfo.InvariantCulture) == session || Contains(Path.Combine(directory, "environ"), mark));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or belongs to another user and so is none of ours.
            return false;
        }
    }

    private static bool Contains(string file, byte[] mark) => File.ReadAllBytes(file).AsSpan().IndexOf(mark) >= 0;
}
