using System.Globalization;

namespace Kinetra.Build.Package.Tests;

/// <summary>Looks for processes that should be gone.</summary>
internal static class Alive
{
    /// <summary>Whether a process runs; a zombie does not.</summary>
    public static bool IsRunning(string pid)
    {
        try
        {
            using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            return !process.HasExited && !IsZombie(pid);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsZombie(string pid)
    {
        string status = $"/proc/{pid}/stat";
        return File.Exists(status) && File.ReadAllText(status).Split(") ")[^1].StartsWith('Z');
    }
}
