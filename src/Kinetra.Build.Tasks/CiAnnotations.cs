using Kinetra.Build.Core.Publishing;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Kinetra.Build.Tasks;

/// <summary>
/// Tells the CI service that runs the build of errors and warnings, by a line of the build's output. It is logged as a message: that way it
/// reaches the output from every node, under an MSBuild server and in a multithreaded build, at the beginning of a line but for blanks, which every service allows.
/// </summary>
internal static class CiAnnotations
{
    /// <summary>Logs the line for an error or a warning of a step's output, or of ours. Called where the engine may be told.</summary>
    /// <param name="annotation">What it is; its file as the user would write it, or null for the task's place in the project.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="engine">The build.</param>
    /// <param name="log">The build's log.</param>
    public static void Write(Annotation annotation, ProjectSettings settings, IBuildEngine engine, TaskLoggingHelper log)
    {
        if (settings.CI is not (not CiService.None and { } service) || Promoted(annotation, settings, engine) is not { } promoted)
        {
            return;
        }

        if (promoted.LineFor(service) is { } line)
        {
            log.LogMessage(MessageImportance.High, "{0}", line);
        }

        Annotation? Promoted(Annotation given, ProjectSettings project, IBuildEngine build)
        {
            // What the engine makes of it, so that output and annotation say the same.
            bool isError = given.IsError ? !build.ContinueOnError : given.Code is { } code && ((IBuildEngine8)build).ShouldTreatWarningAsError(code);
            if (!given.IsError && !isError && given.Code is not null && project.IsSuppressed(given.Code))
            {
                return null;
            }

            string projectFile = Path.Combine(project.ProjectDirectory, project.ProjectFile);
            int line = given.File is null && string.Equals(build.ProjectFileOfTaskNode, projectFile, StringComparison.Ordinal) ? build.LineNumberOfTaskNode : 0;
            return given with
            {
                IsError = isError,
                File = Located(given.File is null ? projectFile : Path.GetFullPath(given.File, project.ProjectDirectory), service),
                Place = given.File is null ? (line, 0, 0, 0) : given.Place,
            };
        }
    }

    // GitHub knows files by their paths in the repository.
    private static string Located(string path, CiService service)
    {
        if (service != CiService.GitHub || Environment.GetEnvironmentVariable("GITHUB_WORKSPACE") is not { Length: > 0 } workspace)
        {
            return path;
        }

        string relative = Path.GetRelativePath(workspace, path);
        return Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }
}
