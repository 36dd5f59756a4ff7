using Kinetra.Build.Core.Scheduling;
using Xunit;

namespace Kinetra.Build.Core.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void The_highest_priority_goes_first_then_the_longest_path_then_the_first()
    {
        Scheduler scheduler = Of(10, new() { Seconds = 1 }, new() { Seconds = 5 }, new() { Priority = 1 }, new() { Seconds = 5 }, new() { DependsOn = [0], Seconds = 9 });
        Assert.Equal([2, 0, 1, 3], Started(scheduler));
        Assert.Equal(10, scheduler.RemainingPathOf(0));
    }

    [Fact]
    public void No_more_steps_run_than_allowed()
    {
        Scheduler scheduler = Of(2, new(), new(), new());
        Assert.Equal([0, 1], Started(scheduler));
        scheduler.End(0, StepEnd.Succeeded);
        Assert.Equal([2], Started(scheduler));
        Assert.Equal((2, 1, false), (scheduler.Running, scheduler.Ended, scheduler.IsDone));
        scheduler.End(1, StepEnd.Succeeded);
        scheduler.End(2, StepEnd.Succeeded);
        Assert.Equal((0, 3, true), (scheduler.Running, scheduler.Ended, scheduler.IsDone));
    }

    [Fact]
    public void A_full_pool_holds_nobody_else_up()
    {
        Scheduler scheduler = new(
            [new() { Pool = "gpu", Priority = 2 }, new() { Pool = "gpu", Priority = 1 }, new() { Pool = "gpu" }, new() { Priority = -1 }],
            new SchedulerOptions(10) { Pools = new Dictionary<string, int> { ["gpu"] = 1 } });
        Assert.Equal([0, 3], Started(scheduler));
        scheduler.End(0, StepEnd.Succeeded);
        Assert.Equal([1], Started(scheduler));
        scheduler.End(1, StepEnd.Succeeded);
        Assert.Equal([2], Started(scheduler));
    }

    [Fact]
    public void Behind_a_failed_critical_step_nothing_new_starts()
    {
        Scheduler scheduler = Of(2, new(), new(), new(), new() { DependsOn = [1] });
        Assert.Equal([1, 0], Started(scheduler));
        scheduler.End(0, StepEnd.Failed);
        Assert.Equal([new(2, SkipCause.CriticalFailed, 0), new(3, SkipCause.CriticalFailed, 0)], Skipped(scheduler));
        Assert.Empty(Started(scheduler));
        Assert.False(scheduler.IsDone);
        scheduler.End(1, StepEnd.Succeeded);
        Assert.Empty(Started(scheduler));
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void Keeping_going_skips_only_what_depends_on_it()
    {
        Scheduler scheduler = new([new(), new(), new() { DependsOn = [0] }, new() { DependsOn = [2] }, new() { DependsOn = [1] }], new SchedulerOptions(2) { KeepGoing = true });
        Assert.Equal([0, 1], Started(scheduler));
        scheduler.End(0, StepEnd.Failed);
        Assert.Equal([new(2, SkipCause.DependencyFailed, 0), new(3, SkipCause.DependencyFailed, 0)], Skipped(scheduler));
        scheduler.End(1, StepEnd.Succeeded);
        Assert.Equal([4], Started(scheduler));
    }

    [Fact]
    public void Behind_a_failed_step_that_is_not_critical_only_what_requires_its_success_is_skipped()
    {
        Scheduler scheduler = Of(2, new() { IsCritical = false }, new() { DependsOn = [0] }, new() { DependsOn = [0], RequiresSuccessOf = [0] }, new() { DependsOn = [2] });
        Started(scheduler);
        scheduler.End(0, StepEnd.Failed);
        Assert.Equal([new(2, SkipCause.DependencyFailed, 0), new(3, SkipCause.DependencyFailed, 0)], Skipped(scheduler));
        Assert.Equal([1], Started(scheduler));
    }

    [Fact]
    public void Steps_that_always_run_begin_when_all_others_have_ended_or_been_skipped()
    {
        Scheduler scheduler = Of(4, new(), new(), new() { DependsOn = [0] }, new() { Always = true, Priority = 9 }, new() { Always = true, DependsOn = [3] });
        Assert.Equal([0, 1], Started(scheduler));
        scheduler.End(0, StepEnd.Failed);
        Assert.Empty(Started(scheduler));
        scheduler.End(1, StepEnd.Succeeded);
        Assert.Equal([3], Started(scheduler));
        scheduler.End(3, StepEnd.Failed);
        Assert.Equal([4], Started(scheduler));
        Assert.Equal([new(2, SkipCause.CriticalFailed, 0)], Skipped(scheduler));
    }

    [Fact]
    public void A_step_that_always_runs_is_skipped_only_if_it_requires_what_did_not_succeed()
    {
        Scheduler scheduler = Of(4, new(), new() { Always = true, RequiresSuccessOf = [0] }, new() { Always = true, DependsOn = [1] }, new() { Always = true, RequiresSuccessOf = [1] });
        Started(scheduler);
        scheduler.Stop();
        scheduler.End(0, StepEnd.Interrupted);
        Assert.Equal([new(1, SkipCause.DependencyFailed, 0), new(3, SkipCause.DependencyFailed, 0)], Skipped(scheduler));
        Assert.Equal([2], Started(scheduler));
        scheduler.End(2, StepEnd.Succeeded);
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void Stopping_skips_the_rest_but_steps_that_always_run()
    {
        Scheduler scheduler = Of(1, new(), new(), new() { Always = true });
        Assert.Equal([0], Started(scheduler));
        scheduler.Stop();
        Assert.Equal([new(1, SkipCause.Stopped, null)], Skipped(scheduler));
        Assert.Empty(Started(scheduler));
        scheduler.End(0, StepEnd.Interrupted);
        Assert.Equal([2], Started(scheduler));
    }

    [Fact]
    public void An_interrupted_step_stops_the_rest()
    {
        Scheduler scheduler = new([new(), new()], new SchedulerOptions(1) { KeepGoing = true });
        Started(scheduler);
        scheduler.End(0, StepEnd.Interrupted);
        Assert.Equal([new(1, SkipCause.Stopped, null)], Skipped(scheduler));
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void Skipped_steps_that_waited_for_a_pool_take_no_place_of_it_from_those_behind_them()
    {
        SchedulerStep gpu = new() { Pool = "gpu", Priority = 9 };
        Scheduler scheduler = new(
            [gpu, gpu, gpu, gpu with { Always = true, Priority = 0 }, gpu with { Always = true, Priority = 0 }],
            new SchedulerOptions(10) { Pools = new Dictionary<string, int> { ["gpu"] = 1 } });
        Assert.Equal([0], Started(scheduler));
        scheduler.End(0, StepEnd.Failed);
        Assert.Equal([3], Started(scheduler));
        scheduler.End(3, StepEnd.Succeeded);
        Assert.Equal([4], Started(scheduler));
    }

    [Fact]
    public void A_pausing_step_gives_its_places_back_and_goes_before_all_that_are_new()
    {
        Scheduler scheduler = new(
            [new() { Pool = "net" }, new() { Pool = "net", Priority = -1 }, new() { Priority = -2 }],
            new SchedulerOptions(1) { Pools = new Dictionary<string, int> { ["net"] = 1 } });
        Assert.Equal([0], Started(scheduler));
        scheduler.Pause(0);
        Assert.Equal([1], Started(scheduler));
        scheduler.EndPause(0);
        Assert.Empty(Started(scheduler));
        scheduler.End(1, StepEnd.Succeeded);
        Assert.Equal([0], Started(scheduler));
    }

    [Fact]
    public void A_pausing_step_is_given_to_the_caller_to_end_when_the_run_stops()
    {
        Scheduler scheduler = Of(4, new(), new(), new(), new());
        Started(scheduler);
        scheduler.Pause(0);
        scheduler.Pause(1);
        scheduler.EndPause(1);
        scheduler.Stop();
        scheduler.Pause(2);
        scheduler.EndPause(0);
        scheduler.End(3, StepEnd.Succeeded);
        Assert.Empty(Started(scheduler));
        List<int> abandoned = [];
        while (scheduler.TryTakeAbandoned(out int step))
        {
            abandoned.Add(step);
            scheduler.End(step, StepEnd.Failed);
        }

        Assert.Equal([0, 1, 2], abandoned);
        Assert.True(scheduler.IsDone);
    }

    [Fact]
    public void A_step_that_is_not_selected_is_passed_over_in_its_order()
    {
        Scheduler scheduler = Of(4, new(), new() { DependsOn = [0], IsSelected = false, Seconds = 100 }, new() { RequiresSuccessOf = [1] }, new() { IsSelected = false });
        Assert.Equal([0], Started(scheduler));
        Assert.Equal(2, scheduler.RemainingPathOf(0));
        scheduler.End(0, StepEnd.Succeeded);
        Assert.Equal([2], Started(scheduler));
        scheduler.End(2, StepEnd.Succeeded);
        Assert.True(scheduler.IsDone);
        Assert.Empty(Skipped(scheduler));
    }

    [Fact]
    public void Nothing_to_do_is_done()
    {
        Assert.True(Of(1).IsDone);
        Assert.True(Of(1, new() { IsSelected = false }, new() { IsSelected = false, Always = true, DependsOn = [0] }).IsDone);
        Assert.Equal([0], Started(Of(1, new SchedulerStep { Always = true })));
    }

    [Fact]
    public void A_graph_that_cannot_be_run_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Of(1, new() { DependsOn = [1] }, new() { DependsOn = [0] }));
        Assert.Throws<ArgumentException>(() => Of(1, new SchedulerStep { DependsOn = [1] }));
        Assert.Throws<ArgumentException>(() => Of(1, new SchedulerStep { Pool = "gpu" }));
        Assert.Throws<ArgumentException>(() => Of(1, new() { Always = true }, new() { DependsOn = [0] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(0));
    }

    [Fact]
    public void A_step_ends_once_and_only_if_it_was_started()
    {
        Scheduler scheduler = Of(1, new SchedulerStep());
        Assert.Throws<InvalidOperationException>(() => scheduler.End(0, StepEnd.Succeeded));
        Assert.Throws<InvalidOperationException>(() => scheduler.Pause(0));
        Started(scheduler);
        scheduler.End(0, StepEnd.Succeeded);
        Assert.Throws<InvalidOperationException>(() => scheduler.End(0, StepEnd.Succeeded));
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        Scheduler scheduler = Of(1, new(), new(), new());
        Started(scheduler);
        Scheduler copy = scheduler.Copy();
        copy.End(0, StepEnd.Failed);
        Assert.True(copy.IsDone);
        scheduler.End(0, StepEnd.Succeeded);
        Assert.Equal([1], Started(scheduler));
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("wide")]
    [InlineData("layered")]
    [InlineData("one pool")]
    public void The_work_per_step_does_not_grow_with_their_number(string shape)
    {
        double small = WorkPerStep(shape, 1_000);
        double large = WorkPerStep(shape, 10_000);

        // A heap ten times as large is log2(10) = 3.3 levels deeper, for each of at most three heaps that a step goes through.
        Assert.InRange(large - small, -1, 12);
    }

    private static double WorkPerStep(string shape, int count)
    {
        SchedulerStep[] steps = new SchedulerStep[count];
        for (int i = 0; i < count; i++)
        {
            steps[i] = shape switch
            {
                "chain" => new() { DependsOn = i == 0 ? [] : [i - 1] },
                "wide" => new() { Priority = (i * 7919) % 101 },
                "one pool" => new() { Pool = "one", Priority = (i * 7919) % 101 },
                _ => new() { DependsOn = i < 10 ? [] : [(i / 10 * 10) - 10, (i / 10 * 10) - 1] },
            };
        }

        Scheduler scheduler = new(steps, new SchedulerOptions(8) { Pools = new Dictionary<string, int> { ["one"] = 2 } });
        Queue<int> running = new();
        while (!scheduler.IsDone)
        {
            while (scheduler.TryStart(out int step))
            {
                running.Enqueue(step);
            }

            scheduler.End(running.Dequeue(), StepEnd.Succeeded);
        }

        return (double)scheduler.Operations / count;
    }

    private static Scheduler Of(int parallel, params SchedulerStep[] steps) => new(steps, new SchedulerOptions(parallel));

    private static List<int> Started(Scheduler scheduler)
    {
        List<int> steps = [];
        while (scheduler.TryStart(out int step))
        {
            steps.Add(step);
        }

        return steps;
    }

    private static List<SkippedStep> Skipped(Scheduler scheduler)
    {
        List<SkippedStep> steps = [];
        while (scheduler.TryTakeSkipped(out SkippedStep step))
        {
            steps.Add(step);
        }

        return steps;
    }
}
