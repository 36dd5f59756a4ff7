using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
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

        // The user may have given a secret there, which the run log is not to have.
        IReadOnlyDictionary<string, string> variables = ProcessEnvironment.Read();
        SecretMasker masker = new(settings.SecretVariables.Select(name => variables.GetValueOrDefault(name, "")));
        foreach ((string name, string value) in UserProperties.Of(engine))
        {
            if (!name.Equals(Resume, StringComparison.OrdinalIgnoreCase))
            {
                words.Add($"-p:{name}={Quote(masker.Apply(value))}");
            }
        }

        words.Add($"-p:{Resume}=true");
        return string.Join(' ', words);
    }

    // A list needs quotes for MSBuild, and these need quotes for the shell.
    private static string Quote(string value) => ShellText.Quote(value.Contains(';') || value.Contains(',') ? $"\"{value}\"" : value);
}
