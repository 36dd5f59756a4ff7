using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Workflows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

public sealed class WorkflowForecastTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_step_without_a_past_takes_what_its_author_expects_else_the_mean_of_the_others()
    {
        WorkflowForecast forecast = Forecast([Step("a", 10), Step("b", 30), Step("c")]);
        Assert.Equal([10, 30, 20], forecast.Seconds);
        Assert.Equal(TimeSpan.FromSeconds(10), forecast.Expected(0));
        Assert.Null(forecast.Expected(2));
        Assert.Null(forecast.UsualOf(0));
    }

    [Fact]
    public void What_steps_took_is_known_in_the_next_run()
    {
        WorkflowForecast first = Forecast([Step("a", 10), Step("b")]);
        first.Ended(0, Outcome("a", StepStatus.Completed, 4));
        first.Ended(1, Outcome("b", StepStatus.Failed, 9));
        first.Save();

        WorkflowForecast second = Forecast([Step("a", 10), Step("b")]);
        Assert.Equal(TimeSpan.FromSeconds(4), second.UsualOf(0));
        Assert.Equal([4, 4], second.Seconds);
        Assert.Null(second.UsualOf(1));
    }

    [Fact]
    public void What_was_taken_over_or_found_in_the_cache_is_no_past()
    {
        WorkflowForecast first = Forecast([Step("a"), Step("b")]);
        first.Ended(0, Outcome("a", StepStatus.Cached, 0.001) with { ResumedFrom = "20260101_000000" });
        first.Ended(1, Outcome("b", StepStatus.Completed, 7) with { ResumedFrom = "20260101_000000" });
        first.Save();
        Assert.Null(Forecast([Step("a")]).UsualOf(0));
        Assert.Null(Forecast([Step("b")]).UsualOf(0));
    }

    [Theory]
    [InlineData(5, 10, 21, true)]
    [InlineData(5, 10, 17, false)]
    [InlineData(4, 10, 100, false)]
    [InlineData(5, 1, 5.5, false)]
    [InlineData(5, 1, 6.5, true)]
    public void A_step_far_slower_than_its_past_is_a_warning(int runs, double usual, double now, bool isSlow)
    {
        for (int i = 0; i < runs; i++)
        {
            WorkflowForecast past = Forecast([Step("a")]);
            Assert.Null(past.Ended(0, Outcome("a", StepStatus.Completed, usual)));
            past.Save();
        }

        KinetraException? warning = Forecast([Step("a")]).Ended(0, Outcome("a", StepStatus.Completed, now));
        Assert.Equal(isSlow ? DiagnosticCodes.StepSlow : null, warning?.Code);
    }

    private WorkflowForecast Forecast(IReadOnlyList<WorkflowStep> steps) =>
        new(WorkflowForecast.HistoryIn(_project.Path(".workflow_state"), "test"), steps, [.. steps.Select(_ => true)], new FakeTimeProvider());

    private static WorkflowStep Step(string name, double? expected = null) =>
        new(new StepDefinition(name, true, new RetryPolicy(1, TimeSpan.Zero, TimeSpan.Zero), new RetryExitCodes([], []), null), null!)
        {
            ExpectedDuration = expected is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

    private static StepOutcome Outcome(string name, StepStatus status, double seconds) => new(status, 1, 0, TimeSpan.FromSeconds(seconds), null, null)
    {
        Record = new StepRecord(1, name, 1, true) { Status = status },

    };
}
