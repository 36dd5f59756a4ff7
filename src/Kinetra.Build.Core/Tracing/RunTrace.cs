using System.Globalization;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Tracing;

/// <summary>
/// A run as a trace of OpenTelemetry: a span for the run, below it one for each step, below that one for each attempt, and below that one for each operation that the output has
/// timed. Attributes with a common meaning have the names of the semantic conventions for CI/CD.
/// </summary>
public sealed class RunTrace : IRunObserver
{
    /// <summary>The end of a run waits no longer for its spans to be sent.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly WorkflowRun _run;
    private readonly TraceContext? _parent;
    private readonly string? _state;
    private readonly string _trace;
    private readonly string _root;
    private readonly OtlpOptions _options;
    private readonly OtlpExporter _exporter;
    private readonly TimeProvider _time;
    private readonly Func<string, string> _mask;
    private readonly long _epoch;
    private readonly long _timestamp;
    private readonly Dictionary<StepRecord, OpenStep> _open = [];
    private bool _isFinished;

    /// <summary>Begins to watch a run.</summary>
    /// <param name="run">The run, which has just begun.</param>
    /// <param name="parent">What has caused the build; null for nothing.</param>
    /// <param name="state">What the caller's vendors have to say of the trace; null for nothing.</param>
    /// <param name="options">Where to send it.</param>
    /// <param name="version">The version of this product.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mask">Replaces secrets.</param>
    public RunTrace(WorkflowRun run, TraceContext? parent, string? state, OtlpOptions options, string version, TimeProvider time, Func<string, string> mask)
    {
        (_run, _parent, _state, _options, _time, _mask) = (run, parent, parent is null ? null : state, options, time, mask);
        (_trace, _root) = (parent?.TraceId ?? run.TraceId, SpanId.Create());
        _exporter = new OtlpExporter(options, version);
        (_epoch, _timestamp) = (Nanoseconds(time.GetUtcNow()), time.GetTimestamp());
        run.Observer = this;
    }

    /// <inheritdoc/>
    public void Begun(StepRecord step)
    {
        lock (_gate)
        {
            _open[step] = new OpenStep(SpanId.Create(), Now());
        }
    }

    /// <inheritdoc/>
    public void AttemptBegun(StepRecord step, int attempt, string mark)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(step, out OpenStep? open))
            {
                open.Attempt = new OpenAttempt(attempt, SpanId.OfMark(mark) ?? SpanId.Create(), Now());
            }
        }
    }

    /// <inheritdoc/>
    public void AttemptEnded(StepRecord step, int? exitCode, string? error, IReadOnlyList<StepOperation> operations)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(step, out OpenStep? open) && open.Attempt is { } attempt)
            {
                End(open, attempt, exitCode, error, operations);
            }
        }
    }

    /// <inheritdoc/>
    public void Ended(StepRecord step)
    {
        lock (_gate)
        {
            if (_isFinished)
            {
                return;
            }

            long now = Now();
            OpenStep open = _open.Remove(step, out OpenStep? begun) ? begun : new OpenStep(SpanId.Create(), now);
            if (open.Attempt is { } attempt)
            {
                // It could not be made: the error is the step's.
                End(open, attempt, null, ErrorText.FirstLine(step.Error) ?? "it did not end", []);
            }

            Add(step, open, now);
        }
    }

    /// <summary>The run has ended: what is still open is closed, and all that was not sent yet is.</summary>
    /// <returns>What could not be sent, as a warning; null if all was.</returns>
    public KinetraException? Finish()
    {
        // Before the lock: who is told of a step holds the run's own one.
        IReadOnlyList<StepRecord> steps = _run.Steps;
        lock (_gate)
        {
            if (_isFinished)
            {
                return null;
            }

            long now = Now();
            foreach ((StepRecord step, OpenStep open) in _open)
            {
                if (open.Attempt is { } attempt)
                {
                    End(open, attempt, null, "interrupted", []);
                }

                Add(step, open, now);
            }

            _open.Clear();
            _isFinished = true;
            AddRoot(steps, now);
        }

        TimeSpan limit = _options.Timeout < EndLimit ? _options.Timeout : EndLimit;
        return _exporter.Finish(limit) is not var (spans, why)
            ? null
            : new KinetraException(DiagnosticCodes.TraceNotSent, $"{spans} spans of run {_run.Id} were not sent to {Shown(_options.Endpoint)}: {_mask(why.TrimEnd('.'))}. Check OTEL_EXPORTER_OTLP_ENDPOINT and whether something listens there, or set OTEL_TRACES_EXPORTER=none. The run itself is not affected.");
    }

    // Never what stands before an @ or behind a ?.
    private static string Shown(Uri endpoint) => endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private void End(OpenStep open, OpenAttempt attempt, int? exitCode, string? error, IReadOnlyList<StepOperation> operations)
    {
        long now = Now();
        open.Attempt = null;
        foreach (StepOperation operation in operations)
        {
            long start = Math.Clamp(attempt.Start + Ticks(operation.Start ?? TimeSpan.Zero), attempt.Start, now);
            _exporter.Add(new Span(_trace, SpanId.Create(), attempt.Id, _mask(operation.Name), start, Math.Clamp(start + Ticks(operation.Duration), start, now)) { State = _state });
        }

        Attributes attributes = new();
        attributes.Add("kinetra.attempt", (long)attempt.Number);
        attributes.Add("process.exit.code", (long?)exitCode);
        attributes.Add("error.type", error is null ? null : exitCode is { } code ? code.ToString(CultureInfo.InvariantCulture) : "_OTHER");
        _exporter.Add(new Span(_trace, attempt.Id, open.Id, string.Create(CultureInfo.InvariantCulture, $"attempt {attempt.Number}"), attempt.Start, now)
        {
            Error = error is null ? null : _mask(error),
            State = _state,
            Attributes = attributes.List,
        });
    }

    private void Add(StepRecord step, OpenStep open, long now)
    {
        // Still running when the run has ended: another project's, in a parallel build.
        StepStatus status = step.Status == StepStatus.Running ? StepStatus.Interrupted : step.Status;
        Attributes attributes = new();
        attributes.Add("cicd.pipeline.task.name", _mask(step.Name));
        attributes.Add("cicd.pipeline.task.run.id", string.Create(CultureInfo.InvariantCulture, $"{_run.Id}/{step.Number}"));
        attributes.Add("cicd.pipeline.task.run.result", status switch
        {
            StepStatus.Completed or StepStatus.Cached => "success",
            StepStatus.Failed => "failure",
            StepStatus.Interrupted => "cancellation",
            _ => "skip",
        });
        attributes.Add("kinetra.step.status", status.Word());
        attributes.Add("kinetra.step.reason", step.Reason is null ? null : _mask(step.Reason));
        attributes.Add("kinetra.step.critical", step.IsCritical);
        attributes.Add("kinetra.step.resumed_from", step.ResumedFrom);
        if (step.WasRun)
        {
            attributes.Add("kinetra.step.attempts", (long)step.Attempts);
            attributes.Add("process.exit.code", (long?)step.ExitCode);
            attributes.Add("kinetra.step.cpu_time", step.Cpu?.TotalSeconds);
            attributes.Add("kinetra.step.peak_memory", step.PeakMemory);
            attributes.Add("kinetra.step.waiting_time", step.Waited?.TotalSeconds);
            attributes.Add("kinetra.step.log_file", step.LogFile is null ? null : _mask(step.LogFile));
        }

        bool failed = status is StepStatus.Failed or StepStatus.Interrupted;
        attributes.Add("error.type", failed ? status.Word() : null);
        _exporter.Add(new Span(_trace, open.Id, _root, _mask(step.Name), open.Start, now)
        {
            Error = failed ? _mask(ErrorText.FirstLine(step.Error) ?? status.Word()) : null,
            State = _state,
            Attributes = attributes.List,
        });
    }

    private void AddRoot(IReadOnlyList<StepRecord> steps, long now)
    {
        Attributes attributes = new();
        attributes.Add("cicd.pipeline.name", _mask(_run.Workflow));
        attributes.Add("cicd.pipeline.run.id", _run.Id);
        attributes.Add("cicd.pipeline.result", _run.Status switch
        {
            RunStatus.Completed => "success",
            RunStatus.Interrupted => "cancellation",
            _ => "failure",
        });
        attributes.Add("kinetra.run.status", _run.Status.Word());
        attributes.Add("kinetra.run.steps", (long)steps.Count);
        attributes.Add("kinetra.run.continues", _run.ContinuesId);
        bool failed = _run.Status != RunStatus.Completed;
        attributes.Add("error.type", failed ? _run.Status.Word() : null);
        string? error = _run.Error ?? steps.FirstOrDefault(step => step is { IsCritical: true, Error: not null })?.Error;
        _exporter.Add(new Span(_trace, _root, _parent?.SpanId, "RUN " + _mask(_run.Workflow), Math.Min(Nanoseconds(_run.StartTime), now), now)
        {
            // A server's, as the conventions have it of a run of a pipeline.
            Kind = 2,
            Error = failed ? _mask(ErrorText.FirstLine(error) ?? _run.Status.Word()) : null,
            State = _state,
            Attributes = attributes.List,
        });
    }

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static long Ticks(TimeSpan span) => span.Ticks * 100;

    private long Now() => _epoch + Ticks(_time.GetElapsedTime(_timestamp));

    private sealed class OpenStep(string id, long start)
    {
        public string Id => id;

        public long Start => start;

        public OpenAttempt? Attempt { get; set; }
    }

    private sealed record OpenAttempt(int Number, string Id, long Start);

    private sealed class Attributes
    {
        public List<KeyValuePair<string, object>> List { get; } = [];

        public void Add(string name, object? value)
        {
            if (value is not null)
            {
                List.Add(new(name, value));
            }
        }
    }
}
