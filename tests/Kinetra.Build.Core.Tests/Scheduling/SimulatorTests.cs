using Kinetra.Build.Core.Scheduling;
using Xunit;

namespace Kinetra.Build.Core.Tests.Scheduling;

public sealed class SimulatorTests
{
    [Fact]
    public void Two_workers_end_with_the_longer_one()
    {
        Scheduler scheduler = new([new() { Seconds = 3 }, new() { Seconds = 2 }, new() { Seconds = 2 }], new SchedulerOptions(2));
        Simulation simulation = new Simulator(scheduler).Run([3, 2, 2]);
        Assert.Equal(4, simulation.Seconds);
        Assert.Equal([1, 2], simulation.CriticalPath);
        Assert.Equal([2], simulation.DependencyPath);
    }

    [Fact]
    public void Path_goes_from_what_runs_to_what_ends_last()
    {
        Scheduler scheduler = new(
            [new(), new() { DependsOn = [0] }, new() { RequiresSuccessOf = [1], IsSelected = false }, new() { DependsOn = [2] }, new() { DependsOn = [0, 3] }],
            new SchedulerOptions(2));
        Assert.True(scheduler.TryStart(out int first));
        scheduler.End(first, StepEnd.Succeeded);
        Assert.True(scheduler.TryStart(out int second));
        Simulation simulation = new Simulator(scheduler).Run([9, .5, 9, 1, 2]);
        Assert.Equal(1, second);
        Assert.Equal(3.5, simulation.Seconds);
        Assert.Equal([1, 3, 4], simulation.DependencyPath);
        Assert.Equal([1, 3, 4], simulation.CriticalPath);
        Assert.Equal(1, scheduler.Running);
    }

    [Fact]
    public void A_pause_is_waited_for()
    {
        Scheduler scheduler = new([new(), new() { DependsOn = [0] }], new SchedulerOptions(1));
        scheduler.TryStart(out int step);
        scheduler.Pause(step);
        Assert.Equal(16, new Simulator(scheduler).Run([5, 1], [10, 0]).Seconds);
    }

    [Fact]
    public void A_run_that_stops_has_only_what_runs_before_it()
    {
        Scheduler scheduler = new([new(), new(), new() { DependsOn = [0] }, new() { Always = true }], new SchedulerOptions(2));
        scheduler.TryStart(out int first);
        scheduler.TryStart(out int second);
        scheduler.Pause(second);
        scheduler.Stop();
        Assert.Equal(0, first);
        Assert.Equal(7, new Simulator(scheduler).Run([5, 50, 500, 2], [100, 0, 0, 0]).Seconds);
    }

    [Fact]
    public void Nothing_left_takes_no_time() => Assert.Equal(0, new Simulator(new Scheduler([], new SchedulerOptions(1))).Run([]).Seconds);

    [Fact]
    public void Scheduler_and_simulator_agree_on_every_graph()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            SchedulerStep[] steps = RandomGraph.Everything(random);
            Scheduler scheduler = new(steps, RandomGraph.Options(random));
            double[] seconds = [.. steps.Select(_ => (double)random.Next(1, 30))];
            int lookAfter = random.Next(steps.Length);
            List<(int Step, double Time)> expected = [];
            double end = Play(scheduler, seconds, lookAfter, out Simulator? simulator, out double[] left, out double lookedAt, expected);
            List<(int Step, double Time)> simulated = [];
            double simulatedEnd = simulator!.Run(left, null, (step, time) => simulated.Add((step, time + lookedAt)), out _);
            Assert.Equal(end, simulatedEnd + lookedAt);
            Assert.Equal(expected, simulated);
        }
    }

    [Theory]
    [InlineData(2, 1.05)]
    [InlineData(4, 1.06)]
    [InlineData(8, 1.10)]
    public void A_random_graph_ends_close_to_its_lower_bound(int workers, double bound)
    {
        List<double> ratios = [];
        for (int seed = 0; seed < 50; seed++)
        {
            SchedulerStep[] steps = RandomGraph.Plain(new Random(seed), 200);
            Scheduler scheduler = new(steps, new SchedulerOptions(workers));
            double path = Enumerable.Range(0, steps.Length).Max(scheduler.RemainingPathOf);
            double lowest = Math.Max(path, steps.Sum(step => step.Seconds) / workers);
            double time = new Simulator(scheduler).Run([.. steps.Select(step => step.Seconds)]).Seconds;
            Assert.True(time >= lowest - 1e-9);
            ratios.Add(time / lowest);
        }

        ratios.Sort();
        Assert.InRange(ratios[ratios.Count / 2], 1, bound);
    }

    // A run in fake time. After some ends it lets a simulator look; what starts from then on, and when, is noted.
    private static double Play(Scheduler scheduler, double[] seconds, int lookAfter, out Simulator? simulator, out double[] left, out double lookedAt, List<(int Step, double Time)> started)
    {
        List<(double End, int Step)> running = [];
        double now = 0;
        simulator = null;
        (left, lookedAt) = (seconds, 0);
        while (true)
        {
            if (simulator is null && (scheduler.Ended >= lookAfter || scheduler.IsDone))
            {
                simulator = new Simulator(scheduler);
                left = [.. seconds];
                lookedAt = now;
                foreach ((double end, int step) in running)
                {
                    left[step] = end - now;
                }
            }

            while (scheduler.TryStart(out int step))
            {
                running.Add((now + seconds[step], step));
                if (simulator is not null)
                {
                    started.Add((step, now));
                }
            }

            if (running.Count == 0)
            {
                simulator ??= new Simulator(scheduler);
                return now;
            }

            (double End, int Step) next = running.Min();
            running.Remove(next);
            now = next.End;
            scheduler.End(next.Step, StepEnd.Succeeded);
        }
    }
}
