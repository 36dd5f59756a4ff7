using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class StepEnvironmentTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly TestProject _project = new();
    private readonly WorkflowRun _run;

    public StepEnvironmentTests() => _run = _project.StartRun("my workflow");

    public void Dispose()
    {
        _run.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void A_step_sees_which_run_step_and_attempt_it_is()
    {
        (IReadOnlyDictionary<string, string> variables, string mark) = Environment().ForAttempt(2);
        Assert.Equal("my workflow", variables["KINETRA_WORKFLOW"]);
        Assert.Equal(_run.Id, variables["KINETRA_WORKFLOW_ID"]);
        Assert.Equal("a step", variables["KINETRA_STEP"]);
        Assert.Equal("2", variables["KINETRA_ATTEMPT"]);
        Assert.Equal(_project.Folder[".workflow_state"], variables["KINETRA_STATE_DIR"]);
        string name = mark.Split('=')[0];
        Assert.Equal(mark, $"{name}={variables[name]}");
    }

    [Fact]
    public void Later_variables_win_and_the_runs_own_cannot_be_changed()
    {
        StepEnvironment environment = Environment(
            new() { ["A"] = "inherited", ["B"] = "inherited", ["C"] = "inherited" },
            new() { ["B"] = "file", ["C"] = "file", ["KINETRA_STEP"] = "forged" },
            new() { ["C"] = "given" });
        (IReadOnlyDictionary<string, string> variables, _) = environment.ForAttempt(1);
        Assert.Equal(("inherited", "file", "given", "a step"), (variables["A"], variables["B"], variables["C"], variables["KINETRA_STEP"]));
    }

    [Fact]
    public void Each_attempt_has_a_mark_and_a_span_of_its_own_in_the_runs_trace()
    {
        StepEnvironment environment = Environment();
        (IReadOnlyDictionary<string, string> first, string firstMark) = environment.ForAttempt(1);
        (IReadOnlyDictionary<string, string> second, string secondMark) = environment.ForAttempt(1);
        Assert.NotEqual(firstMark, secondMark);
        Assert.NotEqual(first["TRACEPARENT"], second["TRACEPARENT"]);
        Assert.Matches($"^00-{_run.TraceId}-[0-9a-f]{{16}}-01$", first["TRACEPARENT"]);
        Assert.Matches("^[0-9a-f]{32}$", _run.TraceId);
    }

    [Fact]
    public void A_trace_that_the_build_is_part_of_goes_on()
    {
        (IReadOnlyDictionary<string, string> variables, _) = Environment(new() { ["TRACEPARENT"] = $"00-{Trace}-b7ad6b7169203331-01" }).ForAttempt(1);
        Assert.StartsWith($"00-{Trace}-", variables["TRACEPARENT"]);
        Assert.DoesNotContain("b7ad6b7169203331", variables["TRACEPARENT"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00-short-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    public void A_trace_that_is_none_is_replaced(string parent)
    {
        (IReadOnlyDictionary<string, string> variables, _) = Environment(new() { ["TRACEPARENT"] = parent }).ForAttempt(1);
        Assert.StartsWith($"00-{_run.TraceId}-", variables["TRACEPARENT"]);
    }

    [Fact]
    public void A_step_of_a_build_within_a_step_can_be_found_by_both()
    {
        (IReadOnlyDictionary<string, string> outer, string outerMark) = Environment().ForAttempt(1);
        (IReadOnlyDictionary<string, string> inner, string innerMark) = Environment(new(outer)).ForAttempt(1);
        string[] block = [.. inner.Select(variable => $"{variable.Key}={variable.Value}")];
        Assert.Contains(block, variable => variable.Contains(innerMark));
        Assert.Contains(block, variable => variable.Contains(outerMark));
    }

    [Fact]
    public void Values_are_found_by_name_and_those_that_are_not_set_left_out()
    {
        StepEnvironment environment = Environment(new() { ["A"] = "1", ["EMPTY"] = "" }, new Dictionary<string, string> { ["B"] = "2" });
        Assert.Equal(["2", "1"], environment.ValuesOf(["B", "MISSING", "EMPTY", "A"]));
    }

    private StepEnvironment Environment(Dictionary<string, string>? inherited = null, params Dictionary<string, string>[] given) =>
        new(_run, "a step", inherited ?? [], given);
}
