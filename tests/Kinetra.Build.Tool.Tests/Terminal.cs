using System.ComponentModel;
using System.Diagnostics;

namespace Kinetra.Build.Tool.Tests;

/// <summary>A real terminal of 80 columns: a tmux server of its own, whose screen can be read.</summary>
internal sealed partial class Terminal : IDisposable
{
    private readonly string _socket = $"kinetra-test-{Guid.NewGuid():N}";

    /// <summary>Opens a terminal with a plain shell in it.</summary>
    /// <param name="directory">Where the shell is.</param>
    /// <param name="height">Rows.</param>
    public Terminal(string directory, int height = 24)
    {
        List<string> command = ["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", height.ToString(System.Globalization.CultureInfo.InvariantCulture), "-c", directory];
        foreach ((string name, string value) in Tool.Environment.Append(KeyValuePair.Create("LC_ALL", "C.UTF-8")))
        {
            command.AddRange(["-e", $"{name}={value}"]);
        }

        Run([.. command, "/bin/sh"]);
        try
        {
            WaitFor(screen => screen.TrimEnd().Length > 0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether a program is installed.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="argument">What makes it end at once.</param>
    public static bool IsInstalled(string program, string argument = "-V")
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Whether a command with <c>; echo code=$?</c> behind it has ended.</summary>
    public static bool HasEnded(string screen) => ExitCode().IsMatch(screen);

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        Run(["send-keys", "-l", line]);
        Run(["send-keys", "Enter"]);
    }

    /// <summary>Presses a key, by tmux's name of it.</summary>
    public void Press(string key) => Run(["send-keys", key]);

    /// <summary>What the screen shows now.</summary>
    /// <param name="withColours">Whether escape sequences for colours are kept.</param>
    public string Screen(bool withColours = false) => Run(withColours ? ["capture-pane", "-p", "-e"] : ["capture-pane", "-p"]);

    /// <summary>Waits until the screen is as expected.</summary>
    /// <returns>The screen.</returns>
    public string WaitFor(Func<string, bool> isExpected)
    {
        string screen = "";
        for (int i = 0; i < 1200; i++)
        {
            screen = Screen();
            if (isExpected(screen))
            {
                return screen;
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException($"The screen did not become as expected within 60 s:\n{screen}");
    }

    public void Dispose() => Run(["kill-server"]);

    private string Run(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new("tmux", ["-L", _socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // A tmux that this one is started in is not concerned.
        start.Environment.Remove("TMUX");
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using Process tmux = Process.Start(start)!;
        string output = tmux.StandardOutput.ReadToEnd();
        string errors = tmux.StandardError.ReadToEnd();
        tmux.WaitForExit();
        return tmux.ExitCode == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)}: {errors}");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"code=\d")]
    private static partial System.Text.RegularExpressions.Regex ExitCode();
}
