using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using Kinetra.Build.Core;

namespace Kinetra.Build.Tool.Projects;

/// <summary>Runs <c>dotnet</c>.</summary>
internal static class DotNetCommand
{
    /// <summary>The environment of the tool.</summary>
    public static IReadOnlyDictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = new(VariableNames.Comparer);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }

    /// <summary>How to start it.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Prepare(string directory, IEnumerable<string> arguments)
    {
        // A tool that dotnet itself runs is told where that is.
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet") { WorkingDirectory = directory };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_NOLOGO"] = "1";

        // What the tool needs to know of the runtime that it runs on itself is not for the SDK.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        return start;
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.DotNetMissing"/>.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new KinetraException(DiagnosticCodes.DotNetMissing, $"dotnet cannot be started: {error.Message}. Install the .NET 10 SDK, and check that it is in the PATH.", error);
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.DotNetMissing"/>.</exception>
    public static (int ExitCode, string Output, string Errors) Capture(string directory, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Prepare(directory, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);

        // What is read by a program is in one language.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process process = Start(start);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
