using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Workflows;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

public sealed class WorkflowTimingsTests
{
    [Fact]
    public void The_critical_path_goes_back_through_what_each_step_waited_for_last()
    {
        StepGraph graph = StepGraph.Create("/p", [new GraphStep("a"), new GraphStep("b"), new GraphStep("c") { DependsOn = ["a", "b"] }, new GraphStep("d")], []);
        GraphTiming timing = WorkflowTimings.Of(graph, [Done("a", 0, 2), Done("b", 0, 5), Done("c", 5, 9), Done("d", 0, 8)])!;
        Assert.Equal(["b", "c"], timing.CriticalPath);
        Assert.Equal(TimeSpan.FromSeconds(9), timing.PathDuration);
        Assert.Equal(TimeSpan.FromSeconds(2 + 5 + 4 + 8), timing.Work);
    }

    [Fact]
    public void What_was_taken_over_is_not_on_it()
    {
        StepGraph graph = StepGraph.Create("/p", [new GraphStep("a"), new GraphStep("b") { DependsOn = ["a"] }], []);
        StepProgress taken = Done("a", 0, 100);
        taken.Record!.ResumedFrom = "20260101_000000";
        GraphTiming timing = WorkflowTimings.Of(graph, [taken, Done("b", 0, 3)])!;
        Assert.Equal(["b"], timing.CriticalPath);
        Assert.Equal(TimeSpan.FromSeconds(3), timing.Work);
    }

    [Fact]
    public void A_step_that_runs_whatever_happens_comes_behind_the_one_that_ended_last()
    {
        StepGraph graph = StepGraph.Create("/p", [new GraphStep("a"), new GraphStep("b") { DependsOn = ["a"] }, new GraphStep("clean") { Always = true }], []);
        Assert.Equal(["a", "b", "clean"], WorkflowTimings.Of(graph, [Done("a", 0, 2), Done("b", 2, 5), Done("clean", 5, 6)])!.CriticalPath);
    }

    [Fact]
    public void Without_work_there_is_none() =>
        Assert.Null(WorkflowTimings.Of(StepGraph.Create("/p", [new GraphStep("a")], []), [new StepProgress { IsEnded = true }]));

    private static StepProgress Done(string name, int start, int end) => new()
    {
        IsStarted = true,
        IsEnded = true,
        Start = start,
        End = end,
        Record = new StepRecord(1, name, 1, true) { Status = StepStatus.Completed, Duration = TimeSpan.FromSeconds(end - start) },
    };
}
