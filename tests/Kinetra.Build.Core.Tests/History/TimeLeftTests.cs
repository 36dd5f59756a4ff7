using Kinetra.Build.Core.History;
using Kinetra.Build.Core.Scheduling;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class TimeLeftTests
{
    [Fact]
    public void A_long_step_beside_a_chain_has_exactly_50_s_left_half_way()
    {
        // Ninja says 150 s.
        (double Seconds, int[] After)[] steps = [(100, []), (10, []), .. Enumerable.Range(2, 9).Select(i => (10.0, (int[])[i - 1]))];
        FakeRun run = Known(2, steps);
        run.GoTo(50);
        TimeEstimate estimate = run.Estimate();
        Assert.Equal(TimeSpan.FromSeconds(50), estimate.Median);
        Assert.Equal(TimeSpan.FromSeconds(50), estimate.P90);
        Assert.Equal((50, 5, 11), (estimate.PercentOfWork, estimate.Done, estimate.Total));
    }

    [Fact]
    public void A_chain_beside_many_short_steps_has_exactly_270_s_left_after_30()
    {
        // Ninja says 103 s.
        (double Seconds, int[] After)[] steps = [(60, []), .. Enumerable.Range(1, 4).Select(i => (60.0, (int[])[i - 1])), .. Enumerable.Repeat((5.0, (int[])[]), 20)];
        FakeRun run = Known(4, steps);
        run.GoTo(30);
        TimeEstimate estimate = run.Estimate();
        Assert.Equal(TimeSpan.FromSeconds(270), estimate.Median);
        Assert.Equal(TimeSpan.FromSeconds(270), estimate.P90);
        Assert.Equal([0, 1, 2, 3, 4], estimate.CriticalPath);
    }

    [Fact]
    public void Without_history_the_expected_duration_counts_and_else_the_mean_of_the_others()
    {
        TimeLeft left = new([KnownDurations.Of(null, TimeSpan.FromSeconds(30)), new LogNormal(10, 0), null]);
        TimeEstimate estimate = left.Estimate(Chain(3), []);
        Assert.InRange(estimate.Median!.Value.TotalSeconds, 45, 90);
        Assert.True(estimate.P90 > estimate.Median * 1.3);
        Assert.Equal([30, 10, 20], KnownDurations.Seconds([KnownDurations.Of(null, TimeSpan.FromSeconds(30)), new LogNormal(10, 0), null]));
        Assert.Equal([1, 1], KnownDurations.Seconds([null, null]));
    }

    [Fact]
    public void Without_anything_it_learns_until_a_step_has_ended()
    {
        Scheduler scheduler = Chain(3);
        TimeLeft left = new(new LogNormal?[3]);
        TimeEstimate estimate = left.Estimate(scheduler, []);
        Assert.Equal((null, null, null), (estimate.Median, estimate.P90, estimate.PercentOfWork));
        scheduler.TryStart(out int step);
        scheduler.End(step, StepEnd.Succeeded);
        left.Ended(step, TimeSpan.FromSeconds(10));
        estimate = left.Estimate(scheduler, []);
        Assert.InRange(estimate.Median!.Value.TotalSeconds, 12, 35);
        Assert.Equal(33, estimate.PercentOfWork);
    }

    [Fact]
    public void A_slow_day_shows_in_the_estimate_after_a_few_steps()
    {
        double[] usual = [.. Enumerable.Repeat(10.0, 20)];
        TimeLeft left = new([.. usual.Select(one => (LogNormal?)new LogNormal(one, .2))]);
        FakeRun run = new(ChainOf(20), 1, [.. usual.Select(one => one * 1.6)], left);
        Assert.InRange(run.Estimate().Median!.Value.TotalSeconds, 180, 220);
        run.GoTo(160.5);
        Assert.InRange(run.Estimate().Median!.Value.TotalSeconds, 140, 165);
    }

    [Fact]
    public void A_machine_that_is_twice_as_slow_shows_even_if_the_past_never_varied()
    {
        FakeRun run = new(ChainOf(40), 1, [.. Enumerable.Repeat(20.0, 40)], new TimeLeft([.. Enumerable.Repeat((LogNormal?)new LogNormal(10, 0), 40)]));
        run.GoTo(401);
        Assert.InRange(run.Estimate().Median!.Value.TotalSeconds, 360, 405);
    }

    [Fact]
    public void Reported_progress_counts_the_more_the_further_it_is()
    {
        Scheduler scheduler = Chain(1);
        scheduler.TryStart(out _);
        LogNormal?[] usual = [new LogNormal(100, .3)];
        double none = Median(new RunningStep(0, 50));
        double early = Median(new RunningStep(0, 50) { Progress = 10 });
        double late = Median(new RunningStep(0, 50) { Progress = 80 });
        double old = Median(new RunningStep(0, 50) { Progress = 80, ProgressAt = 40 });
        Assert.InRange(none, 45, 60);
        Assert.InRange(early, none + 1, 450);
        Assert.InRange(late, 10, 20);
        Assert.InRange(old, .5, late - 1);
        Assert.InRange(Median(new RunningStep(0, 50) { Progress = 100 }), 0, 1);
        Assert.Equal(none, Median(new RunningStep(0, 50) { Progress = 0 }));

        double Median(RunningStep step) => new TimeLeft(usual).Estimate(scheduler, [step]).Median!.Value.TotalSeconds;
    }

    [Fact]
    public void A_pause_before_the_next_attempt_counts()
    {
        Scheduler scheduler = Chain(1);
        scheduler.TryStart(out int step);
        scheduler.Pause(step);
        Assert.Equal(TimeSpan.FromSeconds(17), new TimeLeft([new LogNormal(10, 0)]).Estimate(scheduler, [new RunningStep(0, 0) { Pause = 7 }]).Median);
    }

    [Fact]
    public void The_percentage_never_falls_and_is_100_only_at_the_end()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            RandomRun made = new(seed);
            FakeRun run = made.Start();
            int before = 0;
            while (!run.IsDone)
            {
                int? percent = run.Estimate().PercentOfWork;
                Assert.InRange(percent!.Value, before, 99);
                before = percent.Value;
                run.GoTo(run.Now + (made.Length / 40));
            }

            Assert.Equal((100, TimeSpan.Zero), (run.Estimate().PercentOfWork, run.Estimate().Median));
        }
    }

    [Fact]
    public void A_single_step_that_has_only_just_begun_has_an_estimate_as_wide_as_its_past()
    {
        Scheduler scheduler = new([new()], new SchedulerOptions(1));
        Assert.True(scheduler.TryStart(out int step));
        TimeEstimate estimate = new TimeLeft([new LogNormal(20, .2)]).Estimate(scheduler, [new RunningStep(step, 1e-3)]);
        Assert.InRange(estimate.P90!.Value.TotalSeconds, 22, 30);
    }

    [Fact]
    public void The_same_seed_gives_the_same_estimate()
    {
        FakeRun run = new RandomRun(1).Start();
        (TimeSpan?, TimeSpan?) first = (run.Estimate().Median, run.Estimate().P90);
        Assert.Equal(first, (run.Estimate().Median, run.Estimate().P90));
    }

    [Fact]
    public void Steps_that_have_nothing_to_do_or_are_not_selected_take_no_time()
    {
        Scheduler scheduler = new([new(), new() { DependsOn = [0], IsSelected = false }, new() { DependsOn = [1] }], new SchedulerOptions(1));
        TimeEstimate estimate = new TimeLeft([new LogNormal(0, 0), new LogNormal(50, 0), new LogNormal(5, 0)]).Estimate(scheduler, []);
        Assert.Equal((TimeSpan.FromSeconds(5), 2), (estimate.Median, estimate.Total));
    }

    [Fact]
    public void It_is_asked_again_only_after_the_interval()
    {
        ClockHandOfTests clock = new();
        TimeLeft left = new([new LogNormal(1, 0)], time: clock, interval: TimeSpan.FromSeconds(2));
        Assert.True(left.IsDue);
        left.Estimate(Chain(1), []);
        Assert.False(left.IsDue);
        clock.Ticks += 2 * TimeSpan.TicksPerSecond;
        Assert.True(left.IsDue);
    }

    private static FakeRun Known(int parallel, (double Seconds, int[] After)[] steps) => new(
        [.. steps.Select(step => new SchedulerStep { DependsOn = step.After, Seconds = step.Seconds })],
        parallel,
        [.. steps.Select(step => step.Seconds)],
        new TimeLeft([.. steps.Select(step => (LogNormal?)new LogNormal(step.Seconds, 0))]));

    private static Scheduler Chain(int count) => new(ChainOf(count), new SchedulerOptions(1));

    private static SchedulerStep[] ChainOf(int count) => [.. Enumerable.Range(0, count).Select(i => new SchedulerStep { DependsOn = i == 0 ? [] : [i - 1] })];

    private sealed class ClockHandOfTests : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
