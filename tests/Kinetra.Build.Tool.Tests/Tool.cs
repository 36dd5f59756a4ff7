using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary>The tool as the test run has built it, run as a process.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The configuration that the test run has built.</summary>
    public static string Configuration { get; } =
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Configuration").Value!;

    /// <summary>The program.</summary>
    public static string Program { get; } = Repository.PathTo("src", "Kinetra.Build.Tool", "bin", Configuration, "net10.0", OperatingSystem.IsWindows() ? "kinetra.exe" : "kinetra");

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ToolResult Run(TempFolder folder, params string[] arguments) => Run(folder.Root, "", arguments);

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="input">What comes from stdin.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ToolResult Run(string directory, string input, params string[] arguments)
    {
        using Process process = Start(directory, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"kinetra {string.Join(' ', arguments)} did not end within {Limit}: {output.Result}{errors.Result}");
        }

        return new ToolResult(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Starts the tool, without what a build that runs tests leaves in the environment.</summary>
    public static Process Start(string directory, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Program, arguments) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Variables for the tool and for the builds that it starts.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        // Build servers and reused nodes would outlive the test and hold its files.
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };
}

/// <summary>How the tool ended, and what it printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>What it printed, as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument json = JsonDocument.Parse(Output);
            return json.RootElement.Clone();
        }
    }

    /// <summary>What was printed, if the exit code is as expected.</summary>
    public string Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, ToString());
        return Output;
    }

    /// <summary>The one line of an error, if there is exactly one, with a code.</summary>
    public string Error(int exitCode, string code)
    {
        Assert.True(ExitCode == exitCode, ToString());
        Assert.Equal("", Output);
        string line = Assert.Single(Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith($"kinetra: error {code}: ", line);
        return line;
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
