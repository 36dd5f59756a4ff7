using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Tool.Projects;

/// <summary>Finds the state directory that a command is about.</summary>
internal static class StateFinder
{
    private const string DefaultName = ".workflow_state";

    /// <summary>The runs in the state directory.</summary>
    /// <param name="state">The state directory as given; null if it is not.</param>
    /// <param name="project">The project as given; null if it is not.</param>
    /// <param name="properties">Properties for the project.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoRuns"/>, or what a project has to say.</exception>
    public static RunArchive Find(string? state, string? project, IReadOnlyList<string> properties)
    {
        if (state is not null)
        {
            FilePath given = PathDisplay.Given(state);
            if (!Directory.Exists(given.Full))
            {
                throw new KinetraException(DiagnosticCodes.NoRuns, $"The state directory {state} does not exist.");
            }

            // The project's directory was perhaps meant.
            string below = Path.Combine(given.Full, DefaultName);
            return new RunArchive(RunArchiveIn(given) || !Directory.Exists(below) ? given : PathDisplay.FilePath(below));
        }

        if (project is null && properties.Count == 0)
        {
            if (Above(Environment.CurrentDirectory) is { } found)
            {
                return new RunArchive(PathDisplay.FilePath(found));
            }

            if (ProjectFinder.OnlyOne(Environment.CurrentDirectory) is null)
            {
                throw new KinetraException(DiagnosticCodes.NoRuns, $"There is no {DefaultName} here or above. Run the workflow first (dotnet build), go to its directory, or name the project (--project) or its state directory (--state).");
            }
        }

        EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(project), properties);
        return new RunArchive(evaluated.StateDirectory, evaluated.Directory);
    }

    /// <summary>The state directory with the default name in a directory or above it; null if there is none.</summary>
    public static string? Above(string directory)
    {
        for (string? place = directory; place is not null; place = Path.GetDirectoryName(place))
        {
            if (Directory.Exists(Path.Combine(place, DefaultName)))
            {
                return Path.Combine(place, DefaultName);
            }
        }

        return null;
    }

    private static bool RunArchiveIn(FilePath directory) => new RunArchive(directory).Ids().Count > 0;
}
