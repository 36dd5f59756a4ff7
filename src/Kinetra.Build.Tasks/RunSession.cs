using System.Diagnostics;
using System.Runtime.InteropServices;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Reports;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Tracing;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// A workflow run as part of a build: registered with the engine, which hands it to every task of the build and disposes
/// of it at the end, and listening for what ends the build: signals, and the end of the process without an end of the build.
/// </summary>
internal sealed partial class RunSession : IDisposable
{
    private const int Interrupt = 2;

    // From the engine's disposal of this object until dotnet has printed its last line and exits by itself.
    private static readonly TimeSpan EndOfBuild = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly Lock Gate = new();

    private readonly ManualResetEventSlim _disposed = new();
    private readonly Lock _disposing = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ProjectSettings _settings;
    private readonly IReadOnlyDictionary<string, string> _globals;

    private RunSession(WorkflowRun run, ProjectSettings settings, IReadOnlyDictionary<string, string> globals)
    {
        (Run, _settings, _globals) = (run, settings, globals);
        (Reuse, Watchdog) = (new StepReuse(run, TimeProvider.System), new Watchdog(settings.GracePeriod));
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Run.Stop()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
    }

    /// <summary>The run.</summary>
    public WorkflowRun Run { get; }

    /// <summary>The settings of the project that has begun it.</summary>
    public ProjectSettings Settings => _settings;

    /// <summary>Decides which of its steps need not be run.</summary>
    public StepReuse Reuse { get; }

    /// <summary>Ends the steps if the build dies.</summary>
    public Watchdog Watchdog { get; }

    /// <summary>The names of the properties that the user gave to the build.</summary>
    public IReadOnlyList<string> UserProperties => Tasks.UserProperties.Of(_globals);

    /// <summary>The command that continues a run of this project. Composed when it is needed, which in most builds it is not.</summary>
    /// <param name="isSingleTargets">Whether single targets are built, rather than the workflow through <c>Build</c>.</param>
    public string ResumeCommandOf(bool isSingleTargets) => ResumeCommand.For(_settings, _globals, isSingleTargets);

    /// <summary>Sends the run as a trace; null if nobody wants it.</summary>
    public RunTrace? Trace { get; private set; }

    /// <summary>Why nothing is sent, or what of its settings is ignored: a sentence each.</summary>
    public IReadOnlyList<string> TraceProblems { get; private set; } = [];

    /// <summary>Whether it was begun from the start, whatever is known of earlier runs: <c>Rebuild</c>.</summary>
    public bool FromStart { get; private set; }

    /// <summary>Whether single targets are built, rather than the workflow through <c>Build</c>.</summary>
    public bool IsSingleTargets { get; private set; }

    /// <summary>How many processes of the run before this one were still there, and have been ended.</summary>
    public int EndedLeftovers { get; private set; }

    /// <summary>Whether it was said that there is no watchdog.</summary>
    public bool IsWatchdogMissed { get; set; }

    /// <summary>The graphs of steps that were run, for whoever tells of the run afterwards.</summary>
    public List<StepGraph> Graphs { get; } = [];

    /// <summary>How long steps took, as the last graph that was run has left it, so that it is not read once more; null if there was none.</summary>
    public DurationHistory? History { get; set; }

    /// <summary>Where the report of the run is once that has ended; null if none is wanted.</summary>
    public FilePath? ReportFile => _settings.WritesReport ? Run.ReportFile : null;

    /// <summary>The first error that a task has reported, for the state; null if there is none.</summary>
    public string? FirstError { get; set; }

    /// <summary>Whether a task has failed because the run cannot be written, and has said so.</summary>
    public bool IsUnwritableTold { get; set; }

    /// <summary>Whether a critical step has failed for good: nothing new starts, and the last step that still runs ends the run.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Whether a project that takes part has failed, whatever the others do.</summary>
    public bool ParticipantFailed { get; private set; }

    /// <summary>How many projects that are built through <c>Build</c> are taking part. The last one to end concludes the run.</summary>
    private int _participants;

    /// <summary>The session of a project's workflow; null if no run has begun.</summary>
    public static RunSession? Find(IBuildEngine engine, ProjectSettings settings) =>
        (RunSession?)((IBuildEngine4)engine).GetRegisteredTaskObject(Key(settings), RegisteredTaskObjectLifetime.Build);

    /// <summary>
    /// The session of a project's workflow, begun if needed: there is none yet, or its run was completed, as when a step
    /// runs after <c>Build</c>. A run that failed or was interrupted stays the run of this build.
    /// </summary>
    /// <param name="engine">The build.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="begun">Whether it was begun by this call.</param>
    public static RunSession GetOrBegin(IBuildEngine engine, ProjectSettings settings, out bool begun)
    {
        string? buildId = Find(engine, settings) is null or { Run.Status: RunStatus.Completed } ? BuildIdentity.Of(engine) : null;
        lock (Gate)
        {
            RunSession? going = Find(engine, settings) is { Run.Status: not RunStatus.Completed } session ? session : null;
            begun = going is null;
            if (going is null)
            {
                going = Begin(engine, settings, buildId, settings.Run with { IsPartial = true });
                going.IsSingleTargets = true;
            }

            return going;
        }
    }

    /// <summary>The session of a project that is built through <c>Build</c>: joined if its run goes on, else begun.</summary>
    /// <param name="engine">The build.</param>
    /// <param name="settings">The project's settings.</param>
    /// <param name="fromStart">Whether a run that it begins continues none.</param>
    /// <param name="begun">Whether it was begun by this call.</param>
    public static RunSession Join(IBuildEngine engine, ProjectSettings settings, bool fromStart, out bool begun)
    {
        string? buildId = Find(engine, settings) is { Run.Status: RunStatus.Running } ? null : BuildIdentity.Of(engine);
        lock (Gate)
        {
            RunSession? running = Find(engine, settings) is { Run.Status: RunStatus.Running } session ? session : null;
            begun = running is null;
            if (running is null)
            {
                running = Begin(engine, settings, buildId, fromStart ? settings.Run with { Resume = false } : settings.Run);
                running.FromStart = fromStart;
            }

            running._participants++;
            return running;
        }
    }

    /// <summary>A project that has joined is done.</summary>
    /// <param name="succeeded">Whether its targets have succeeded.</param>
    /// <returns>Whether it was the last one, which is to conclude the run.</returns>
    public bool Leave(bool succeeded)
    {
        lock (Gate)
        {
            ParticipantFailed |= !succeeded;
            return --_participants <= 0;
        }
    }

    /// <summary>Writes the report of the run, which has ended, if one is wanted.</summary>
    /// <param name="warn">Is told why it could not be written.</param>
    /// <returns>The file; null if there is none.</returns>
    public FilePath? WriteReport(Action<KinetraException> warn)
    {
        if (!_settings.WritesReport)
        {
            return null;
        }

        try
        {
            return HtmlReport.Write(new ReportSource(Run, Graphs, History ?? _settings.History)
            {
                ResumeCommand = Run.Status == RunStatus.Completed ? null : ResumeCommandOf(IsSingleTargets),
            });
        }
        catch (KinetraException warning) when (warning.Code is DiagnosticCodes.ReportNotWritten)
        {
            warn(warning);
            return null;
        }
    }

    /// <summary>
    /// The end of the build. A run that is still open here was not built through <c>Build</c>, or was stopped outside a step.
    /// The engine may call this twice.
    /// </summary>
    public void Dispose()
    {
        lock (_disposing)
        {
            if (!_disposed.IsSet)
            {
                End();
            }
        }
    }

    private void End()
    {
        try
        {
            // A participant that has not left was kept from it: by a target that does not exist, for example.
            bool failed = FirstError is not null || ParticipantFailed || _participants > 0 || Run.Steps.Any(step => step is { IsCritical: true, Status: not (StepStatus.Completed or StepStatus.Cached or StepStatus.Skipped) });
            if (Run.Finish(failed ? RunStatus.Failed : RunStatus.Completed, failed ? FirstError : null))
            {
                // What is logged from here is dropped by the engine.
                FilePath? report = WriteReport(warning => Run.Log.Write(LogLevel.Warning, $"{warning.Code}: {warning.Message}"));
                if (Run.Status == RunStatus.Interrupted)
                {
                    // Told to stop while no task of ours ran.
                    RunSummary.Print(this, report, Console.Out.WriteLine);
                }

                RunPublisher.Publish(this, Console.Out.WriteLine, warning => Console.Out.WriteLine($"{_settings.ProjectFile}: warning {warning.Code}: {warning.Message}"));
            }
        }
        finally
        {
            // Whoever waits for the end of the build must not wait for ever, whatever became of the state file.
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            _signals.ForEach(signal => signal.Dispose());
            Reuse.Dispose();
            Watchdog.Dispose();
            Run.Dispose();
            _disposed.Set();
        }
    }

    // The build is asked for its name outside of the gate, as the engine may do other work meanwhile that waits at the gate.
    private static RunSession Begin(IBuildEngine engine, ProjectSettings settings, string? buildId, RunSettings run)
    {
        settings.Validate();
        ProjectKeys.Of(engine, settings).Validate();
        IBuildEngine4 registry = (IBuildEngine4)engine;
        (registry.UnregisterTaskObject(Key(settings), RegisteredTaskObjectLifetime.Build) as RunSession)?.Dispose();
        RunSettings named = run with { BuildId = buildId ?? "", OuterRunId = Environment.GetEnvironmentVariable("KINETRA_WORKFLOW_ID") };
        RunSession session = new(WorkflowRun.Start(named, TimeProvider.System), settings, ((IBuildEngine6)engine).GetGlobalProperties());
        session.StartTrace();
        registry.RegisterTaskObject(Key(settings), session, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);

        // The watchdog of a build that was killed may have been killed as well, or may still wait for its steps to end.
        session.EndedLeftovers = Core.Processes.Watchdog.EndLeftovers(session.Run.Previous?.LivingMarks ?? [], settings.GracePeriod, TimeProvider.System);
        return session;
    }

    private void StartTrace()
    {
        OtlpOptions? options = OtlpOptions.Read(Environment.GetEnvironmentVariable, out string? refused);
        TraceProblems = refused is null ? options?.Problems ?? [] : [refused + "; no trace is sent"];
        TraceContext? parent = options is null ? null : TraceContext.Parse(Environment.GetEnvironmentVariable(TraceContext.Variable));

        // Of a trace that its caller does not record, nothing is.
        if (options is not null && parent is not { IsSampled: false })
        {
            string version = typeof(RunSession).Assembly.GetName().Version!.ToString(3);
            SecretMasker masker = ProcessEnvironment.MaskerOf(_settings.SecretVariables);
            Trace = new RunTrace(Run, parent, Environment.GetEnvironmentVariable("TRACESTATE"), options, version, TimeProvider.System, masker.Apply);
        }
    }

    private static string Key(ProjectSettings settings) => $"Kinetra.Build.Run|{settings.Identity}";

    // By default dotnet exits with code 0 on SIGTERM and orphans what runs. So the signal is taken over: the steps are told,
    // the engine is told by the one way that it has (SIGINT), and the handler does not return before the build has ended,
    // as dotnet's own handler would then end the process with code 0.
    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Run.Stop();
        if (context.Signal == PosixSignal.SIGHUP)
        {
            LostTerminal.Silence();
        }

        if (!OperatingSystem.IsWindows())
        {
            kill(Environment.ProcessId, Interrupt);
        }

        _disposed.Wait();
        Thread.Sleep(EndOfBuild);
    }

    // The process ends and the build was not told: a server or a worker node whose client or main process has vanished does
    // that, without a word to the tasks. The steps' threads still run here, and end what they have started.
    private void OnProcessExit(object? sender, EventArgs arguments)
    {
        Run.Stop();
        long start = Stopwatch.GetTimestamp();
        while (Run.Steps.Any(step => step.Status == StepStatus.Running) && Stopwatch.GetElapsedTime(start) < _settings.GracePeriod + EndOfBuild)
        {
            Thread.Sleep(PollInterval);
        }

        Dispose();
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
