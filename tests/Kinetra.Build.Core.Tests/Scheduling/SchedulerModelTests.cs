using Kinetra.Build.Core.Scheduling;
using Xunit;

namespace Kinetra.Build.Core.Tests.Scheduling;

public sealed class SchedulerModelTests
{
    [Fact]
    public void It_decides_as_a_naive_model_does()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Compare(seed);
        }
    }

    private static void Compare(int seed)
    {
        Random random = new(seed);
        SchedulerStep[] steps = RandomGraph.Everything(random);
        SchedulerOptions options = RandomGraph.Options(random);
        Scheduler scheduler = new(steps, options);
        NaiveScheduler model = new(steps, options);
        double failures = random.NextDouble() * .4;
        List<int> running = [];
        List<int> paused = [];
        HashSet<int> ended = [];
        Dictionary<int, SkipCause> skipped = [];
        bool isStopped = false;
        for (int turn = 0; turn < 10_000 && !(scheduler.IsDone && model.IsDone); turn++)
        {
            while (true)
            {
                int? started = scheduler.TryStart(out int step) ? step : null;
                Assert.True(model.Start() == started, $"seed {seed}, turn {turn}: {started} starts");
                if (started is null)
                {
                    break;
                }

                Assert.All(steps[step].DependsOn, other => Assert.True(ended.Contains(other) || skipped.ContainsKey(other) || !steps[other].IsSelected));
                Assert.DoesNotContain(step, ended);
                running.Add(step);
            }

            Assert.Equal(running.Count, scheduler.Running);
            Assert.All(options.Pools, pool => Assert.True(running.Count(i => steps[i].Pool == pool.Key) <= pool.Value));
            if (random.Next(80) == 0)
            {
                isStopped = true;
                scheduler.Stop();
                model.Stop();
            }
            else if (paused.Count > 0 && (running.Count == 0 || random.Next(3) == 0))
            {
                int step = Take(random, paused);
                scheduler.EndPause(step);
                model.EndPause(step);
            }
            else if (running.Count > 0)
            {
                int step = Take(random, running);
                if (random.Next(5) == 0)
                {
                    paused.Add(step);
                    scheduler.Pause(step);
                    model.Pause(step);
                }
                else
                {
                    StepEnd end = random.NextDouble() >= failures ? StepEnd.Succeeded : isStopped ? StepEnd.Interrupted : StepEnd.Failed;
                    End(step, end);
                }
            }

            while (scheduler.TryTakeAbandoned(out int step))
            {
                paused.Remove(step);
                End(step, StepEnd.Failed);
            }

            while (scheduler.TryTakeSkipped(out SkippedStep step))
            {
                skipped.Add(step.Step, step.Cause);
                Assert.True(step.Cause != SkipCause.Stopped == step.Because is not null);
            }

            Assert.True(skipped.Count == model.Skipped.Count && skipped.All(pair => model.Skipped.TryGetValue(pair.Key, out SkipCause cause) && cause == pair.Value), $"seed {seed}, turn {turn}: other steps are skipped");
        }

        Assert.True(scheduler.IsDone, $"seed {seed}: it does not come to its end");
        Assert.Equal(ended.Count, scheduler.Ended);
        Assert.Equal(steps.Count(step => step.IsSelected), ended.Count + skipped.Count);
        Assert.All(Enumerable.Range(0, steps.Length), i => Assert.Equal(model.Remaining(i), scheduler.RemainingPathOf(i)));

        void End(int step, StepEnd end)
        {
            Assert.True(ended.Add(step));
            scheduler.End(step, end);
            model.End(step, end);
        }
    }

    private static int Take(Random random, List<int> steps)
    {
        int place = random.Next(steps.Count);
        int step = steps[place];
        steps.RemoveAt(place);
        return step;
    }
}
