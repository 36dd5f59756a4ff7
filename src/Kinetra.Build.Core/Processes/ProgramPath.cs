using System.Runtime.InteropServices;

namespace Kinetra.Build.Core.Processes;

/// <summary>Finds a program as a shell would: a name with a separator is a path, any other is looked up in <c>PATH</c>.</summary>
internal static partial class ProgramPath
{
    private const int MayExecute = 1;

    /// <summary>The absolute path of a program; null if there is none.</summary>
    /// <param name="program">As given.</param>
    /// <param name="workingDirectory">What a relative path is relative to.</param>
    /// <param name="environment">Has <c>PATH</c> and, on Windows, <c>PATHEXT</c>.</param>
    public static string? Find(string program, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        if (program.Contains(Path.DirectorySeparatorChar) || program.Contains(Path.AltDirectorySeparatorChar))
        {
            return Existing(Path.GetFullPath(program, workingDirectory), environment);
        }

        foreach (string directory in environment.GetValueOrDefault("PATH", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.IsPathFullyQualified(directory) ? Path.Combine(directory, program) : Path.GetFullPath(Path.Combine(directory, program), workingDirectory);
            if (Existing(path, environment) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string path, IReadOnlyDictionary<string, string> environment)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Most directories of PATH do not have it: one call of the system, and no exception.
            return access(path, MayExecute) == 0 && File.Exists(path) ? path : null;
        }

        IEnumerable<string> extensions = environment.GetValueOrDefault("PATHEXT", ".COM;.EXE;.BAT;.CMD").Split(';');
        return extensions.Prepend("").Select(extension => path + extension).FirstOrDefault(File.Exists);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
