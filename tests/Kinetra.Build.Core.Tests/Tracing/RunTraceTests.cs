using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Tracing;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Tracing;

/// <summary>What a run becomes as a trace, with a clock that a test sets.</summary>
public sealed class RunTraceTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly OtlpReceiver _receiver = new();
    private readonly WorkflowRun _run;

    public RunTraceTests() => _run = _project.StartRun();

    public void Dispose()
    {
        _run.Dispose();
        _receiver.Dispose();
        _project.Dispose();
    }

    [Theory]
    [InlineData("http/json")]
    [InlineData("http/protobuf")]
    public void Times_are_those_of_the_clock_for_durations(string protocol)
    {
        RunTrace trace = Trace(protocol);
        StepRecord step = _run.Begin("a ü", critical: true);
        Advance(1);
        trace.AttemptBegun(step, 1, "KINETRA_ATTEMPT_ID=b7ad6b7169203331");
        Advance(2);
        trace.AttemptEnded(step, 3, "exit code 3", [new StepOperation("load", TimeSpan.FromSeconds(0.5)) { Start = TimeSpan.FromSeconds(1) }]);
        Advance(4);
        trace.AttemptBegun(step, 2, "KINETRA_ATTEMPT_ID=0123456789abcdef.c7ad6b7169203331");
        Advance(8);
        trace.AttemptEnded(step, 0, null, []);
        Advance(0.25);
        _run.End(step, StepStatus.Completed, 2, 0, null, "x.log");
        Advance(0.5);
        _run.Finish(RunStatus.Completed);
        Assert.Null(trace.Finish());

        long start = new DateTimeOffset(2026, 11, 23, 4, 55, 1, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000;
        Assert.Equal(
            ["RUN master 0-15.75", "a ü 0-15.25", "attempt 1 1-3", "load 2-2.5", "attempt 2 7-15"],
            _receiver.Spans.OrderBy(span => span.Start).ThenByDescending(span => span.End).Select(span => FormattableString.Invariant($"{span.Name} {(span.Start - start) / 1e9}-{(span.End - start) / 1e9}")));
        Assert.Equal(["b7ad6b7169203331", "c7ad6b7169203331"], _receiver.Spans.Where(span => span.Name.StartsWith("attempt", StringComparison.Ordinal)).Select(span => span.SpanId));
        Assert.All(_receiver.Spans, span => Assert.Equal(_run.TraceId, span.TraceId));
        ReceivedSpan first = _receiver.Spans.Single(span => span.Name == "attempt 1");
        Assert.Equal((2, "exit code 3", 3L, 1L, "3"), (first.Status, first.Message, first.Attributes["process.exit.code"], first.Attributes["kinetra.attempt"], first.Attributes["error.type"]));
        Assert.True((bool)_receiver.Spans.Single(span => span.Name == "a ü").Attributes["kinetra.step.critical"]);
    }

    [Fact]
    public void What_is_open_when_the_run_ends_is_closed_as_interrupted()
    {
        RunTrace trace = Trace();
        StepRecord step = _run.Begin("long", critical: true);
        trace.AttemptBegun(step, 1, "");
        Advance(3);
        _run.Stop();
        _run.Finish(RunStatus.Failed);

        Assert.Null(trace.Finish());
        Assert.Null(trace.Finish());
        trace.Ended(step);

        Assert.Equal(["attempt 1", "long", "RUN master"], _receiver.Spans.Select(span => span.Name));
        Assert.All(_receiver.Spans, span => Assert.Equal((2, 3.0), (span.Status, span.Seconds)));
        Assert.Equal("cancellation", _receiver.Spans[1].Attributes["cicd.pipeline.task.run.result"]);
        Assert.Equal("cancellation", _receiver.Spans[2].Attributes["cicd.pipeline.result"]);
    }

    [Fact]
    public void An_attempt_that_could_not_be_made_has_the_error_of_its_step()
    {
        RunTrace trace = Trace();
        StepRecord step = _run.Begin("broken", critical: true);
        trace.AttemptBegun(step, 1, "");
        _run.End(step, StepStatus.Failed, 1, null, "Step \"broken\" failed: no such program.\nSuggestion: buy one", null);
        _run.Finish(RunStatus.Failed);
        trace.Finish();

        Assert.All(_receiver.Spans, span => Assert.Equal("Step \"broken\" failed: no such program.", span.Message));
    }

    [Fact]
    public void Secrets_are_masked_in_every_text()
    {
        RunTrace trace = Trace(mask: text => text.Replace("s3cret", "***", StringComparison.Ordinal));
        StepRecord step = _run.Begin("s3cret", critical: true);
        trace.AttemptBegun(step, 1, "");
        trace.AttemptEnded(step, 1, "s3cret", [new StepOperation("s3cret", TimeSpan.Zero)]);
        _run.End(step, StepStatus.Failed, 1, 1, "s3cret", "s3cret.log");
        _run.Skip("s3cret too", 1, critical: true, "s3cret");
        _run.Finish(RunStatus.Failed, "s3cret");
        trace.Finish();

        Assert.Equal(5, _receiver.Spans.Count);
        Assert.All(_receiver.Requests, request => Assert.DoesNotContain("s3cret", System.Text.Encoding.UTF8.GetString(request.Body)));
    }

    [Fact]
    public void Many_spans_go_in_several_requests_and_none_is_lost()
    {
        RunTrace trace = Trace();
        for (int i = 0; i < 2_000; i++)
        {
            _run.Skip($"step {i}", 1, critical: true, "no reason");
        }

        _run.Finish(RunStatus.Completed);

        Assert.Null(trace.Finish());
        Assert.Equal(2_001, _receiver.Spans.Select(span => span.SpanId).Distinct().Count());
        Assert.InRange(_receiver.Requests.Count, 4, 8);
    }

    [Fact]
    public void Parent_and_state_come_from_whoever_has_caused_the_build()
    {
        RunTrace trace = Trace(parent: new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true));
        _run.Finish(RunStatus.Completed);
        trace.Finish();

        ReceivedSpan run = Assert.Single(_receiver.Spans);
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "a=b"), (run.TraceId, run.ParentId, run.State));
    }

    private RunTrace Trace(string protocol = "http/json", TraceContext? parent = null, Func<string, string>? mask = null)
    {
        OtlpOptions options = OtlpOptions.Read(name => name switch { "OTEL_EXPORTER_OTLP_ENDPOINT" => _receiver.Address, "OTEL_EXPORTER_OTLP_PROTOCOL" => protocol, _ => null }, out _)!;
        return new RunTrace(_run, parent, "a=b", options, "1.2.3", _project.Time, mask ?? (text => text));
    }

    private void Advance(double seconds) => _project.Time.Advance(TimeSpan.FromSeconds(seconds));
}
