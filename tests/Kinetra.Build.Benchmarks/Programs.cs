using System.Diagnostics;

namespace Kinetra.Build.Benchmarks;

/// <summary>The programs that are measured beside ours. What a machine does not have is left out, with a line that says so.</summary>
internal static class Programs
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed to stdout.</returns>
    public static string Run(string program, params IEnumerable<string> arguments) => RunIn(Directory.GetCurrentDirectory(), program, arguments);

    /// <summary>Runs a program in a folder to its end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed to stdout.</returns>
    public static string RunIn(string folder, string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended with exit code {process.ExitCode}: {output}{errors.Result}");
    }

    /// <summary>Whether a program is there; if not, says what is left out.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="without">What is left out.</param>
    public static bool Has(string program, string without)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
        if (!found)
        {
            Skip(without, $"there is no {program}");
        }

        return found;
    }

    /// <summary>Says that something is left out.</summary>
    /// <param name="what">What.</param>
    /// <param name="why">The reason.</param>
    public static void Skip(string what, string why) => Console.WriteLine($"Left out: {what} ({why}).");

    /// <summary>Compiles a C program of the peers.</summary>
    /// <param name="name">Its name without the extension.</param>
    /// <param name="folder">Where the result goes.</param>
    /// <returns>The program; null, with a line that says so, without a compiler.</returns>
    public static string? Compile(string name, BenchmarkFolder folder)
    {
        if (!Has("gcc", $"{name} in C"))
        {
            return null;
        }

        Run("gcc", "-O2", "-Wall", "-Werror", "-o", folder[name], PeerFile(name + ".c"));
        return folder[name];
    }

    /// <summary>A file of the folder peers, beside the benchmarks.</summary>
    /// <param name="name">Its name.</param>
    public static string PeerFile(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);
}
