using System.Diagnostics;
using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Real builds whose runs are received as traces, span by span.</summary>
public sealed class OpenTelemetryTests
{
    private const string OuterTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string OuterSpan = "b7ad6b7169203331";
    private const string Secret = "hunter2-secret";

    private const string Steps = """
        <PropertyGroup><KinetraRetryDelay>100ms</KinetraRetryDelay><KinetraSecretVariables>TOKEN</KinetraSecretVariables></PropertyGroup>
        <ItemGroup>
          <KinetraStep Include="timed" MaxAttempts="2" Command="echo $TRACEPARENT &gt; parent.$KINETRA_ATTEMPT; echo '::group::load'; sleep 0.3; echo '::endgroup::'; sleep 0.2; echo '::group::save'; sleep 0.1; echo '::endgroup::'; test $KINETRA_ATTEMPT = 2" />
          <KinetraStep Include="bad $(TOKEN)" DependsOn="timed" MaxAttempts="1" Command="echo $TOKEN; exit 3" />
          <KinetraStep Include="behind" DependsOn="bad $(TOKEN)" Command="echo never" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("http/json", "")]
    [InlineData("http/protobuf", "-mt")]
    [InlineData(null, "-m:2")]
    public void A_failed_run_of_the_steps_form_is_a_trace(string? protocol, string launch)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using OtlpReceiver receiver = new();
        using WorkflowProject project = new(Steps, targets: "");
        DateTimeOffset before = DateTimeOffset.UtcNow;

        DotNetResult result = Build(
            project,
            new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=top%20secret,x-other=1",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test,service.name=ignored",
                ["OTEL_SERVICE_NAME"] = "nightly",
                ["TRACEPARENT"] = $"00-{OuterTrace}-{OuterSpan}-01",
                ["TRACESTATE"] = "vendor=1",
            },
            launch.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(["KIN4001"], result.Errors);
        Assert.Empty(result.Warnings);
        Assert.All(receiver.Requests, request =>
        {
            Assert.Equal(("POST", "/v1/traces", protocol == "http/json" ? "application/json" : "application/x-protobuf"), (request.Method, request.Path, request.ContentType));
            Assert.Equal(("top secret", "1"), (request.Headers["api-key"], request.Headers["x-other"]));
        });
        IReadOnlyList<ReceivedSpan> spans = receiver.Spans;
        Assert.All(spans, span =>
        {
            Assert.Equal((OuterTrace, "vendor=1"), (span.TraceId, span.State));
            Assert.Equal(("nightly", "test"), (span.Resource["service.name"], span.Resource["deployment.environment.name"]));
            Assert.Equal("Kinetra.Build 0.1.0", span.Scope);
        });
        Assert.Equal(spans.Count, spans.Select(span => span.SpanId).Distinct().Count());

        ReceivedSpan run = Assert.Single(spans, span => span.Name == "RUN master");
        Assert.Equal((OuterSpan, 2, 2), (run.ParentId, run.Kind, run.Status));
        Assert.Equal("Step \"bad ***\" failed after 1 of 1 attempts: exit code 3.", run.Message);
        Assert.Equal(("master", project.State().Root.GetProperty("workflow_id").GetString(), "failure", 3L), (run.Attributes["cicd.pipeline.name"], run.Attributes["cicd.pipeline.run.id"], run.Attributes["cicd.pipeline.result"], run.Attributes["kinetra.run.steps"]));

        ReceivedSpan timed = Assert.Single(spans, span => span.Name == "timed");
        ReceivedSpan bad = Assert.Single(spans, span => span.Name == "bad ***");
        ReceivedSpan behind = Assert.Single(spans, span => span.Name == "behind");
        Assert.All([timed, bad, behind], span => Assert.Equal((run.SpanId, 1), (span.ParentId, span.Kind)));
        Assert.Equal((0, 2, 0), (timed.Status, bad.Status, behind.Status));
        Assert.Equal(("success", "failure", "skip"), (timed.Attributes["cicd.pipeline.task.run.result"], bad.Attributes["cicd.pipeline.task.run.result"], behind.Attributes["cicd.pipeline.task.run.result"]));
        Assert.Equal((2L, 3L, "skipped"), (timed.Attributes["kinetra.step.attempts"], bad.Attributes["process.exit.code"], behind.Attributes["kinetra.step.status"]));
        Assert.Equal(0, behind.Seconds);

        // The attempts, which are what the steps' processes are told to be a part of.
        ReceivedSpan[] attempts = [.. spans.Where(span => span.ParentId == timed.SpanId).OrderBy(span => span.Start)];
        Assert.Equal(["attempt 1", "attempt 2"], attempts.Select(span => span.Name));
        Assert.Equal([2, 0], attempts.Select(span => span.Status));
        Assert.Equal("exit code 1", attempts[0].Message);
        Assert.Equal([$"00-{OuterTrace}-{attempts[0].SpanId}-01\n", $"00-{OuterTrace}-{attempts[1].SpanId}-01\n"], [project.Folder.Read("parent.1"), project.Folder.Read("parent.2")]);
        Assert.All(attempts, attempt =>
        {
            ReceivedSpan[] operations = [.. spans.Where(span => span.ParentId == attempt.SpanId).OrderBy(span => span.Start)];
            Assert.Equal(["load", "save"], operations.Select(span => span.Name));

            // A busy machine reads a line later than it was written, never sooner: an end is measured against the attempt's start, and of a duration only the order of magnitude.
            Assert.InRange((operations[0].End - attempt.Start) / 1e9, 0.3, 10);
            Assert.InRange((operations[1].Start - attempt.Start) / 1e9, 0.5, 10);
            Assert.InRange((operations[1].End - attempt.Start) / 1e9, 0.6, 10);
            Assert.InRange(operations[0].Seconds, 0.1, 10);
            Assert.True(operations[1].Start >= operations[0].End);
            Assert.All(operations, operation => AssertWithin(operation, attempt));
            AssertWithin(attempt, timed);
        });
        Assert.True(attempts[1].Start - attempts[0].End >= 30_000_000, "There was no pause.");
        Assert.All([timed, bad, behind], span => AssertWithin(span, run));
        Assert.True(bad.Start >= timed.End);
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(run.Start / 1_000_000), before.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(1 + 3 + 3 + 4, spans.Count);
        Assert.All(receiver.Requests, request => Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(request.Body)));
        Assert.DoesNotContain("top secret", result.Output);
    }

    [Fact]
    public void Targets_form_and_a_continued_run_are_traces_of_their_own()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using OtlpReceiver receiver = new();
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="first" Command="echo $TRACEPARENT" Environment="TRACEPARENT=$(TRACEPARENT)" />
              <RunStepWithRetry StepName="second" Command="test -e mended" />
            </Target>
            """);
        Dictionary<string, string?> Environment(string trace) => new() { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = receiver.Address + "/own/path", ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip", ["TRACEPARENT"] = trace };

        Assert.Equal(1, Build(project, Environment($"00-{OuterTrace}-{OuterSpan}-01")).ExitCode);
        IReadOnlyList<ReceivedSpan> failed = receiver.Spans;
        project.Write("mended", "");
        Assert.Equal(0, Build(project, Environment(""), "-p:KinetraResume=true").ExitCode);
        IReadOnlyList<ReceivedSpan> continued = [.. receiver.Spans.Skip(failed.Count)];

        Assert.All(receiver.Requests, request => Assert.Equal(("/own/path", "gzip"), (request.Path, request.Headers["content-encoding"])));
        Assert.Equal(["RUN master", "attempt 1", "attempt 1", "first", "second"], failed.Select(span => span.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["RUN master", "attempt 1", "first", "second"], continued.Select(span => span.Name).Order(StringComparer.Ordinal));
        ReceivedSpan run = continued.Single(span => span.Name == "RUN master");
        ReceivedSpan first = continued.Single(span => span.Name == "first");
        Assert.NotEqual(OuterTrace, run.TraceId);
        Assert.Equal(("", 0), (run.ParentId, run.Status));

        // Not run again, though it was given another TRACEPARENT.
        Assert.Equal(("completed", failed.Single(span => span.Name == "RUN master").Attributes["cicd.pipeline.run.id"]), (first.Attributes["kinetra.step.status"], first.Attributes["kinetra.step.resumed_from"]));
        Assert.Equal(first.Attributes["kinetra.step.resumed_from"], run.Attributes["kinetra.run.continues"]);
        Assert.Equal(0, first.Seconds);
        Assert.False(first.Attributes.ContainsKey("kinetra.step.attempts"));
        Assert.Equal("kinetra", run.Resource["service.name"]);
    }

    [Fact]
    public void What_the_cache_answers_does_not_depend_on_the_trace()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using OtlpReceiver receiver = new();
        using WorkflowProject project = new("""<ItemGroup><KinetraStep Include="copy" Inputs="in" Outputs="out" Environment="TRACEPARENT=$(TRACEPARENT);TRACESTATE=$(TRACESTATE)" Command="cat in &gt; out" /></ItemGroup>""", targets: "");
        project.Write("in", "x");

        foreach (string trace in new[] { $"00-{OuterTrace}-{OuterSpan}-01", $"00-{OuterTrace}-{OuterSpan[..^1]}2-01" })
        {
            Assert.Equal(0, Build(project, new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address, ["TRACEPARENT"] = trace, ["TRACESTATE"] = trace[^8..] }).ExitCode);
        }

        Assert.Equal(["copy: cached"], project.State().Steps);
        Assert.Equal(["completed", "cached"], receiver.Spans.Where(span => span.Name == "copy").Select(span => span.Attributes["kinetra.step.status"]));
    }

    [Theory]
    [InlineData("refused", "0")]
    [InlineData("silent", "0")]
    [InlineData("refusing", "0")]
    [InlineData("refused", "1")]
    public void An_endpoint_that_does_not_take_it_is_one_warning_and_little_time(string endpoint, string single)
    {
        using OtlpReceiver receiver = new(_ => endpoint == "silent" ? (200, TimeSpan.FromSeconds(20)) : (403, TimeSpan.Zero));
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo one" /></Target>""");
        string address = endpoint == "refused" ? "http://user:pass@127.0.0.1:9/?key=value" : receiver.Address;
        string[] target = single == "1" ? ["-t:Run"] : [];
        Stopwatch time = Stopwatch.StartNew();

        DotNetResult result = Build(project, new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address }, target);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN9006"], result.Warnings);
        Assert.Contains("3 spans of run", result.Output);
        Assert.DoesNotContain("pass", result.Output);
        Assert.DoesNotContain("key=value", result.Output);
        Assert.Contains(endpoint switch { "refused" => "refused", "silent" => "no answer within 5.0 s", _ => "403" }, result.Output);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(12), time.Elapsed.ToString());
        Assert.Equal("completed", project.State().Status);
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "TRUE", "")]
    [InlineData("OTEL_TRACES_EXPORTER", "none", "")]
    [InlineData("OTEL_TRACES_EXPORTER", "console", "")]
    [InlineData("TRACEPARENT", $"00-{OuterTrace}-{OuterSpan}-00", "")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "KIN9009")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "KIN9009")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", "")]
    public void It_can_be_switched_off(string name, string value, string warning)
    {
        using OtlpReceiver receiver = new();
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo parent $TRACEPARENT" /></Target>""");

        DotNetResult result = Build(project, new(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address }) { [name] = value }, "-v:n");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(warning.Length == 0 ? [] : [warning], result.Warnings);
        Assert.Empty(receiver.Requests);
        Assert.Matches(name == "TRACEPARENT" ? $"parent 00-{OuterTrace}-[0-9a-f]{{16}}-00" : "parent 00-[0-9a-f]{32}-[0-9a-f]{16}-01", result.Output);
    }

    [Fact]
    public void What_is_not_understood_is_ignored_with_a_warning()
    {
        using OtlpReceiver receiver = new();
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo one" /></Target>""");

        DotNetResult result = Build(project, new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "smoke", ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "soon", ["OTEL_EXPORTER_OTLP_HEADERS"] = "topsecret" });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN9009"], result.Warnings);
        Assert.Equal(3, result.Output.Split("Build succeeded")[0].Split("KIN9009").Length - 1);
        Assert.DoesNotContain("topsecret", result.Output);
        Assert.Equal(3, receiver.Spans.Count);
    }

    [Fact]
    public void A_build_within_a_step_is_a_part_of_it_and_long_runs_are_sent_meanwhile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using OtlpReceiver receiver = new(number => (number == 1 ? 503 : 200, TimeSpan.Zero));
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="outer" Command="dotnet build inner.proj" /><RunStepWithRetry StepName="long" Command="sleep 6" /></Target>""");
        project.Write("inner.proj", WorkflowProject.Xml("""<Target Name="Run"><RunStepWithRetry StepName="inner" Command="echo inner" /></Target>"""));

        DotNetResult result = Build(project, new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        ReceivedSpan Only(string name) => Assert.Single(receiver.Spans, span => span.Name == name);
        ReceivedSpan attempt = receiver.Spans.Single(span => span.ParentId == Only("outer").SpanId);
        Assert.Equal(attempt.SpanId, Only("RUN inner").ParentId);
        Assert.Equal(Only("RUN inner").SpanId, Only("inner").ParentId);
        Assert.Single(receiver.Spans.Select(span => span.TraceId).Distinct());
        Assert.Equal(3 + 5, receiver.Spans.Count);

        // The outer step was sent before the run had ended, and what a busy server did not take was sent again.
        Assert.Contains(receiver.Requests, request => request.Status == 200 && request.Spans.Any(span => span.Name == "outer") && request.Spans.All(span => span.Name != "RUN master"));
        Assert.Equal(receiver.Requests[0].Spans[0].SpanId, receiver.Requests[1].Spans[0].SpanId);
    }

    private static void AssertWithin(ReceivedSpan inner, ReceivedSpan outer)
    {
        Assert.InRange(inner.Start, outer.Start, outer.End);
        Assert.InRange(inner.End, inner.Start, outer.End);
    }

    private static DotNetResult Build(WorkflowProject project, Dictionary<string, string?> environment, params string[] arguments)
    {
        foreach (string name in new[] { "ENDPOINT", "TRACES_ENDPOINT", "PROTOCOL", "HEADERS", "TIMEOUT", "COMPRESSION" })
        {
            environment.TryAdd("OTEL_EXPORTER_OTLP_" + name, null);
        }

        foreach (string name in new[] { "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "TRACEPARENT", "TRACESTATE" })
        {
            environment.TryAdd(name, null);
        }

        environment.TryAdd("TOKEN", Secret);
        return DotNet.Run(project.Folder.Root, ["build", "master.proj", .. arguments], environment);
    }
}
