using System.ComponentModel;
using System.Diagnostics;

namespace Kinetra.Build.Testing;

/// <summary>Runs git in folders of tests, without the configuration of the machine and its user.</summary>
public static class GitCommand
{
    private static readonly Lazy<bool> Installed = new(() =>
    {
        try
        {
            Run(Path.GetTempPath(), "--version");
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>What git gets so that nothing but the repository counts; null removes a variable.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>
    {
        ["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "kinetra-no-configuration"),
        ["GIT_DIR"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["GIT_WORK_TREE"] = null,
    };

    /// <summary>Whether git is installed.</summary>
    public static bool IsInstalled => Installed.Value;

    /// <summary>Runs git.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string directory, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        using Process git = Process.Start(start)!;
        Task<string> errors = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: exit code {git.ExitCode}\n{errors.Result}");
    }
}
