using System.Runtime.InteropServices;

namespace Kinetra.Build.Core.Processes;

/// <summary>Finds a program as a shell would: a name with a separator is a path, any other is looked up in <c>PATH</c>.</summary>
internal static partial class ProgramPath
{
    private const int MayExecute = 1;

    // The steps of a run nearly all have the same search path: it is taken apart once.
    private static volatile SearchPath? _last;

    /// <summary>The absolute path of a program; null if there is none. Looked up anew each time: an earlier step may have put it there.</summary>
    /// <param name="program">As given.</param>
    /// <param name="workingDirectory">What a relative path is relative to.</param>
    /// <param name="environment">Has <c>PATH</c> and, on Windows, <c>PATHEXT</c>.</param>
    public static string? Find(string program, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        if (program.Contains(Path.DirectorySeparatorChar) || program.Contains(Path.AltDirectorySeparatorChar))
        {
            return Existing(Path.GetFullPath(program, workingDirectory), environment);
        }

        if (!environment.TryGetValue("PATH", out string? text))
        {
            return null;
        }

        SearchPath search = _last is { } last && last.Text == text ? last : _last = SearchPath.Of(text);
        foreach (string directory in search.Directories)
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

    /// <summary>The directories of a <c>PATH</c>, each once.</summary>
    private sealed record SearchPath(string Text, string[] Directories)
    {
        public static SearchPath Of(string text) => new(text, [.. text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct()]);
    }
}
