using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>The command that continues an unfinished run, as a user can type it where this build was started.</summary>
internal static class ResumeCommand
{
    private const string Resume = "KinetraResume";

    /// <summary>The command.</summary>
    /// <param name="engine">The build, whose global properties belong to it.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="run">A run of this build.</param>
    public static string For(IBuildEngine engine, ProjectSettings settings, WorkflowRun run)
    {
        List<string> words = ["dotnet", "build", ShellText.Quote(settings.ProjectFileAsTyped)];
        if (run.IsPartial)
        {
            // Which targets were asked for, no task is told.
            words.Add("-t:…");
        }

        foreach ((string name, string value) in ((IBuildEngine6)engine).GetGlobalProperties().OrderBy(property => property.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (IsTheUsers(name))
            {
                words.Add($"-p:{name}={Quote(value)}");
            }
        }

        words.Add($"-p:{Resume}=true");
        return string.Join(' ', words);
    }

    // dotnet build and the engine have some of their own.
    private static bool IsTheUsers(string name) =>
        !name.Equals(Resume, StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith('_')
        && !name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("NuGetInteractive", StringComparison.OrdinalIgnoreCase);

    // A list needs quotes for MSBuild, and these need quotes for the shell.
    private static string Quote(string value) => ShellText.Quote(value.Contains(';') || value.Contains(',') ? $"\"{value}\"" : value);
}
