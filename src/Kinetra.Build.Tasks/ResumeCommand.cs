using Kinetra.Build.Core.Files;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>The command that continues an unfinished run, as a user can type it where this build was started.</summary>
internal static class ResumeCommand
{
    private const string Resume = "KinetraResume";

    /// <summary>The command.</summary>
    /// <param name="engine">The build, whose global properties belong to it.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="isPartial">Whether single targets are built, rather than the workflow as a whole.</param>
    public static string For(IBuildEngine engine, ProjectSettings settings, bool isPartial)
    {
        List<string> words = ["dotnet", "build", ShellText.Quote(settings.ProjectFileAsTyped)];
        if (isPartial)
        {
            words.Add($"-t:{ShellText.Quote(Targets() ?? "…")}");
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

    // dotnet build and the engine have some of their own.
    private static bool IsTheUsers(string name) =>
        !name.Equals(Resume, StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith('_')
        && !name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("NuGetInteractive", StringComparison.OrdinalIgnoreCase);

    // A list needs quotes for MSBuild, and these need quotes for the shell.
    private static string Quote(string value) => ShellText.Quote(value.Contains(';') || value.Contains(',') ? $"\"{value}\"" : value);
}
