using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;

namespace Kinetra.Build.Tasks;

/// <summary>The command that continues an unfinished run, as a user can type it where this build was started.</summary>
internal static class ResumeCommand
{
    private const string Resume = "KinetraResume";

    /// <summary>The command.</summary>
    /// <param name="settings">The project's settings.</param>
    /// <param name="globals">The build's global properties, of which the user's belong to it.</param>
    /// <param name="isSingleTargets">Whether single targets are built, rather than the workflow through <c>Build</c>.</param>
    public static string For(ProjectSettings settings, IReadOnlyDictionary<string, string> globals, bool isSingleTargets)
    {
        List<string> words = ["dotnet", "build", ShellText.Quote(settings.ProjectFileAsTyped)];
        if (isSingleTargets)
        {
            words.Add($"-t:{ShellText.Quote(Targets() ?? "…")}");
        }

        // The user may have given a secret there, which the run log is not to have.
        SecretMasker masker = ProcessEnvironment.MaskerOf(settings.SecretVariables);
        foreach (string name in UserProperties.Of(globals))
        {
            if (!name.Equals(Resume, StringComparison.OrdinalIgnoreCase))
            {
                words.Add($"-p:{name}={Quote(masker.Apply(globals[name]))}");
            }
        }

        if (UserProperties.DisableBuildServers(globals))
        {
            words.Add("--disable-build-servers");
        }

        words.Add($"-p:{Resume}=true");
        return string.Join(' ', words);
    }

    // Which targets were asked for, no task is told; the command line of the process knows, unless it is a server or a worker node.
    private static string? Targets()
    {
        foreach (string argument in Environment.GetCommandLineArgs())
        {
            string text = argument.TrimStart('-', '/');
            int colon = text.IndexOf(':');
            if (text.Length < argument.Length && colon > 0 && text[..colon].ToLowerInvariant() is "t" or "target")
            {
                return text[(colon + 1)..];
            }
        }

        return null;
    }

    // A list needs quotes for MSBuild, and these need quotes for the shell.
    private static string Quote(string value) => ShellText.Quote(value.Contains(';') || value.Contains(',') ? $"\"{value}\"" : value);
}
