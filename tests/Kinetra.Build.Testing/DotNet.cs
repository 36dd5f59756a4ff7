using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Kinetra.Build.Testing;

/// <summary>Runs real <c>dotnet</c> processes as a user would, and can send them signals.</summary>
public static partial class DotNet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs <c>dotnet</c> to its end.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    public static DotNetResult Run(string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using RunningDotNet running = Start(directory, arguments, environment);
        return running.WaitForEnd(Limit);
    }

    /// <summary>Starts <c>dotnet</c> in a session of its own, so that a signal to its group reaches nobody else.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="program">What to start in its place, in the same environment.</param>
    public static RunningDotNet Start(string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string program = "dotnet")
    {
        // A build that runs tests leaves its own variables behind; a user's shell has none of them.
        ProcessStartInfo start = new(OperatingSystem.IsWindows() ? program : "setsid")
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // Build servers and reused nodes would outlive the test and hold its files.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        string[] command = OperatingSystem.IsWindows() ? [] : [program];
        foreach (string argument in command.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return new RunningDotNet(Process.Start(start)!);
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);
}

/// <summary>A <c>dotnet</c> process on its way.</summary>
public sealed class RunningDotNet : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    internal RunningDotNet(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
    }

    /// <summary>Its process id, and its group's.</summary>
    public int Id => _process.Id;

    /// <summary>Sends a signal to the process alone.</summary>
    /// <param name="signal">Its number.</param>
    public void Signal(int signal) => _ = DotNet.kill(Id, signal);

    /// <summary>Sends a signal to the whole group, as a terminal does.</summary>
    /// <param name="signal">Its number.</param>
    public void SignalGroup(int signal) => _ = DotNet.kill(-Id, signal);

    /// <summary>Waits for its end.</summary>
    /// <param name="limit">It is killed after that, and the test fails.</param>
    public DotNetResult WaitForEnd(TimeSpan limit)
    {
        bool ended = _process.WaitForExit(limit) && _reading.Wait(TimeSpan.FromSeconds(20));
        if (!ended)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet did not end within {limit}. It printed:\n{Output}");
        }

        return new DotNetResult(_process.ExitCode, Output);
    }

    /// <summary>Frees the process.</summary>
    public void Dispose() => _process.Dispose();

    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}

/// <summary>How a <c>dotnet</c> process ended, and what it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its output and errors.</param>
public sealed record DotNetResult(int ExitCode, string Output)
{
    /// <summary>The codes of ours that appear as errors, each once.</summary>
    public IReadOnlyList<string> Errors => Codes("error");

    /// <summary>The codes of ours that appear as warnings, each once.</summary>
    public IReadOnlyList<string> Warnings => Codes("warning");

    /// <summary>What it printed, for a failed assertion.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}";

    private IReadOnlyList<string> Codes(string kind) =>
    [
        .. System.Text.RegularExpressions.Regex.Matches(Output, kind + @" (?<code>[A-Z]+\d{4}):")
            .Select(match => match.Groups["code"].Value)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
