using Kinetra.Build.Core;

namespace Kinetra.Build.Tool.Projects;

/// <summary>Finds the project that a command is about.</summary>
internal static class ProjectFinder
{
    /// <summary>The project file.</summary>
    /// <param name="given">The file or its directory, as given; null for the only project in the current directory, or beside the state directory above it.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoProject"/>.</exception>
    public static string Find(string? given)
    {
        if (given is null)
        {
            string here = Environment.CurrentDirectory;
            return OnlyOne(here)
                ?? (StateFinder.Above(here) is { } state && Path.GetDirectoryName(state) is { } above && above != here ? OnlyOne(above) : null)
                ?? throw new KinetraException(DiagnosticCodes.NoProject, "There is no project here. Go to its directory, or name it with --project.");
        }

        string full = PathDisplay.Given(given).Full;
        if (Directory.Exists(full))
        {
            return OnlyOne(full) ?? throw new KinetraException(DiagnosticCodes.NoProject, $"There is no project in {given}. Name the project file.");
        }

        string[] siblings = Path.GetDirectoryName(full) is { } parent && Directory.Exists(parent) ? Projects(parent) : [];
        return File.Exists(full)
            ? full
            : throw new KinetraException(DiagnosticCodes.NoProject, $"The project {given} does not exist.{NearestName.Hint(Path.GetFileName(full), siblings.Select(file => Path.GetFileName(file)))}");
    }

    /// <summary>The only project in a directory; null if there is none.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoProject"/>: there are several.</exception>
    public static string? OnlyOne(string directory) => Projects(directory) switch
    {
        [] => null,
        [var only] => only,
        var several => throw new KinetraException(DiagnosticCodes.NoProject, $"There are {several.Length} projects in {PathDisplay.Of(directory)}: {string.Join(", ", several.Select(file => Path.GetFileName(file)))}. Name one with --project."),
    };

    // What "dotnet build" takes for a project.
    private static string[] Projects(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.*proj").Where(file => file.EndsWith("proj", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}
