using System.Collections;
using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Benchmarks;

/// <summary>
/// What a step that does nothing costs beside a bare posix_spawn and waitpid, one after another on one thread, and what its
/// parts cost: the process with its output, the watchdog, the records, the fingerprint.
/// </summary>
internal static class StepCost
{
    private const string Limit = "C: posix_spawn, waitpid";
    private const string Whole = "`StepRunner`: all of it";
    private const int Steps = 1_000;

    /// <summary>Measures and prints a table.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="parent">Where the folder for the files goes.</param>
    public static void Run(int rounds, string parent)
    {
        using BenchmarkFolder folder = BenchmarkFolder.Create(parent, 1 << 30);
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        string? only = Environment.GetEnvironmentVariable("KINETRA_STEPCOST");
        string? spawn = Programs.Compile("spawnloop", folder);
        using Peer? peer = spawn is null ? null : Peer.Start(spawn);
        Case[] cases =
        [
            .. peer is null ? (Case[])[] : [peer.As(Limit, Steps)],
            new(Whole, () => Chain(folder, environment, process: true, watched: true)),
            new("`StepRunner` without a watchdog", () => Chain(folder, environment, process: true, watched: false)),
            new("`StepRunner` without a process: fingerprint and records", () => Chain(folder, environment, process: false, watched: false)),
            new("`WorkflowRun`: records only", () => Records(folder)),
            new("`CommandAttempt`: process, environment, output log", () => Attempts(folder, environment)),
            new("`ProcessRunner`: process and output", () => Processes(folder, environment)),
        ];
        IReadOnlyList<Measurement> measurements = Interleaved.Measure(rounds, 1, [.. cases.Where((one, index) => only is null || only.Contains(index.ToString(CultureInfo.InvariantCulture)[0]))]);
        Table.Print($"a step, {rounds} rounds of {Steps}", Unit.OneMicrosecond, measurements, Comparison.AtMost(Whole, 1.35, Limit));
    }

    private static double Chain(BenchmarkFolder folder, Dictionary<string, string> environment, bool process, bool watched) => InRun(folder, (run, root) =>
    {
        using StepReuse reuse = new(run, TimeProvider.System);
        using Watchdog? watchdog = watched ? new(TimeSpan.FromSeconds(5)) : null;
        StepRunner runner = new(run, reuse, TimeProvider.System, () => 0, (level, text) => run.Log.Write(level, text));
        RetryPolicy once = new(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        RetryExitCodes codes = new([], []);
        for (int i = 1; i <= Steps; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"step-{i}");
            StepOutcome outcome = runner.Run(new StepDefinition(name, IsCritical: true, once, codes, null), new Step(run, root, name, environment, process, watchdog), CancellationToken.None);
            _ = outcome.Status == StepStatus.Completed ? true : throw new InvalidOperationException($"{name}: {outcome.Failure?.Message}");
        }
    });

    private static double Records(BenchmarkFolder folder) => InRun(folder, (run, _) =>
    {
        for (int i = 1; i <= Steps; i++)
        {
            StepRecord step = run.Begin(string.Create(CultureInfo.InvariantCulture, $"step-{i}"), critical: true);
            run.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=0123456789abcdef");
            run.End(step, StepStatus.Completed, 1, 0, null, "logs/a.log");
        }
    });

    private static double Attempts(BenchmarkFolder folder, Dictionary<string, string> environment) => InRun(folder, (run, root) =>
    {
        for (int i = 1; i <= Steps; i++)
        {
            FilePath log = run.StateDirectory.Combine(string.Create(CultureInfo.InvariantCulture, $"../logs/{i}.log"));
            Step.Command(run, root, "a", environment, null).Run(new Attempt(1, log, CancellationToken.None), TimeProvider.System);
        }
    });

    private static double Processes(BenchmarkFolder folder, Dictionary<string, string> environment) => InRun(folder, (_, root) =>
    {
        ProcessRunner runner = new(TimeProvider.System);
        for (int i = 1; i <= Steps; i++)
        {
            ProcessSpec spec = new(["/bin/true"], root.Full, environment, "KINETRA_ATTEMPT_ID=0123456789abcdef");
            runner.Run(spec, new StepOutput(Stream.Null, [], null), new ProcessLimits(null, TimeSpan.FromSeconds(5)), CancellationToken.None);
        }
    });

    // The microseconds of a step; beginning and end of the run do not count.
    private static double InRun(BenchmarkFolder folder, Action<WorkflowRun, FilePath> steps)
    {
        FilePath root = new(folder[Guid.NewGuid().ToString("N")], "project");
        Directory.CreateDirectory(root.Full);
        using (WorkflowRun run = WorkflowRun.Start(new RunSettings("chain", root.Combine(".workflow_state"), root.Combine("logs"), null, new Dictionary<string, string>()), TimeProvider.System))
        {
            double time = Case.Timed("", () => steps(run, root), operations: Steps).Sample();
            run.Finish(RunStatus.Completed);
            return time;
        }
    }

    private sealed class Step(WorkflowRun run, FilePath root, string name, Dictionary<string, string> environment, bool process, Watchdog? watchdog) : IStepWork
    {
        private CommandAttempt? _command;

        public ITools Tools => new StepTools(root.Full, environment, TimeProvider.System);

        public static CommandAttempt Command(WorkflowRun run, FilePath root, string name, Dictionary<string, string> environment, Watchdog? watchdog) => new(
            ["/bin/true"],
            root,
            new StepEnvironment(run, name, environment),
            [],
            new ProcessLimits(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5)),
            null,
            watchdog);

        public StepIdentity Identify(int occurrence)
        {
            _command = Command(run, root, name, environment, watchdog);
            return new StepIdentity { Workflow = run.Workflow, Step = name, Occurrence = occurrence, Work = StepWork.Command("/bin/true"), ProjectDirectory = root.Full, WorkingDirectory = root };
        }

        public string Mask(string text) => text;

        public AttemptResult Run(Attempt attempt)
        {
            if (process)
            {
                return _command!.Run(attempt, TimeProvider.System);
            }

            attempt.Begin("KINETRA_ATTEMPT_ID=0123456789abcdef");
            return new AttemptResult(ProcessEnd.Exited, 0, [], null);
        }
    }
}
