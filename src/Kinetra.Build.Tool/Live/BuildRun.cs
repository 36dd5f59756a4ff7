using System.Diagnostics;
using System.Text.RegularExpressions;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Live;

/// <summary>Runs <c>dotnet build</c> and shows its run meanwhile. Where there is no terminal the build prints as always.</summary>
/// <param name="arguments">The arguments of <c>dotnet build</c>.</param>
/// <param name="step">The step whose output is wanted; null for any.</param>
/// <param name="json">Whether the state is to be printed at the end.</param>
internal sealed partial class BuildRun(IReadOnlyList<string> arguments, string? step, bool json)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    private readonly List<string> _output = [];
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    /// <summary>Runs it.</summary>
    /// <returns>The exit code of the build.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.DotNetMissing"/>.</exception>
    public int Run()
    {
        bool isLive = Screen.IsTerminal && !json;
        ProcessStartInfo start = DotNetCommand.Prepare(Environment.CurrentDirectory, ["build", .. isLive && !HasTerminalLogger() ? (string[])["-tl:off"] : [], .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (isLive || json, isLive, isLive);
        using Process build = DotNetCommand.Start(start);
        using SignalRelay relay = new(build);
        if (!isLive && !json)
        {
            build.WaitForExit();
            return build.ExitCode;
        }

        Collect(build);
        Task<RunArchive?> archive = Task.Run(FindArchive);
        ArchivedRun? run = isLive ? Show(build, archive) : null;
        build.WaitForExit();
        archive.Wait();
        run = Find(archive, build.Id) ?? run;
        if (json)
        {
            JsonOutput.Print(run is null ? new System.Text.Json.Nodes.JsonObject { ["workflow_id"] = null, ["exit_code"] = build.ExitCode } : With(run, build.ExitCode));
        }
        else
        {
            try
            {
                Print(run);
            }
            catch (IOException)
            {
                // The terminal has gone.
            }
        }

        return build.ExitCode;
    }

    private ArchivedRun? Show(Process build, Task<RunArchive?> archive)
    {
        try
        {
            return new LiveRun(step).Show(() => Find(archive, build.Id), _ => build.WaitForExit(TimeSpan.Zero), CancellationToken.None);
        }
        catch (IOException)
        {
            // The terminal has gone; the build has been told so, and ends by itself.
            return null;
        }
    }

    private static System.Text.Json.Nodes.JsonObject With(ArchivedRun run, int exitCode)
    {
        System.Text.Json.Nodes.JsonObject state = RunJson.Whole(run);
        state["exit_code"] = exitCode;
        return state;
    }

    private bool HasTerminalLogger() => arguments.Any(argument => TerminalLogger().IsMatch(argument));

    private void Collect(Process build)
    {
        void Keep(string? line)
        {
            if (line is null)
            {
                return;
            }

            if (json)
            {
                Console.Error.WriteLine(line);
                return;
            }

            lock (_output)
            {
                _output.Add(line);
            }
        }

        build.OutputDataReceived += (_, e) => Keep(e.Data);
        build.BeginOutputReadLine();
        if (build.StartInfo.RedirectStandardError)
        {
            build.ErrorDataReceived += (_, e) => Keep(e.Data);
            build.BeginErrorReadLine();
        }

        if (build.StartInfo.RedirectStandardInput)
        {
            build.StandardInput.Close();
        }
    }

    // Null if the project cannot be evaluated; the build says why.
    private RunArchive? FindArchive()
    {
        try
        {
            string? project = arguments.FirstOrDefault(argument => argument[0] != '-' && (File.Exists(argument) || Directory.Exists(argument)));
            string[] properties = [.. arguments.Select(argument => PropertySwitch().Match(argument)).Where(match => match.Success).Select(match => match.Groups["value"].Value)];
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(project), properties);
            return new RunArchive(evaluated.StateDirectory, evaluated.Directory);
        }
        catch (KinetraException)
        {
            return null;
        }
    }

    // The run of this build: of its process, or, where another process builds for it, the last one that began since.
    private ArchivedRun? Find(Task<RunArchive?> archive, int process)
    {
        if (!archive.IsCompleted || archive.Result is not { } runs)
        {
            return null;
        }

        try
        {
            ArchivedRun[] begun = [.. runs.Ids().Take(5).Select(runs.Find).OfType<ArchivedRun>().Where(run => run.StartTime >= _start - ClockTolerance)];
            return begun.FirstOrDefault(run => run.ProcessId == process) ?? begun.FirstOrDefault(run => run.ProcessId != process && run.Host == Environment.MachineName);
        }
        catch (KinetraException)
        {
            // Just being written, or damaged: then the build says so.
            return null;
        }
    }

    private void Print(ArchivedRun? run)
    {
        lock (_output)
        {
            if (run is null)
            {
                _output.ForEach(Console.Out.WriteLine);
                return;
            }

            StatusView.Print(run, all: false);

            // What the page does not say: of the steps' own failures it does.
            string[] problems = [.. _output.Select(line => line.Trim()).Where(line => Problem().IsMatch(line) && !StepFailure().IsMatch(line)).Distinct()];
            if (problems.Length > 0)
            {
                Console.Out.WriteLine();
                Array.ForEach(problems, Console.Out.WriteLine);
            }
        }
    }

    [GeneratedRegex("^(-|--|/)(tl|terminallogger)(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex TerminalLogger();

    [GeneratedRegex("^(-|--|/)(p|property):(?<value>[^=]+=.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex PropertySwitch();

    [GeneratedRegex(@"\b(error|warning) [A-Z]+\d+: ")]
    private static partial Regex Problem();

    [GeneratedRegex(@"\b(error|warning) KIN400[1-8]: ")]
    private static partial Regex StepFailure();
}
