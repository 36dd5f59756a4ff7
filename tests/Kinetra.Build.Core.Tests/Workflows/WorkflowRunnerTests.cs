using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Workflows;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

public sealed class WorkflowRunnerTests : IDisposable
{
    private static readonly Behaviour Succeeds = new(Failures: 0, MaxAttempts: 1, Delay: 0, IsForEngine: false);
    private static readonly Behaviour Fails = Succeeds with { Failures = 1 };
    private static readonly Behaviour SucceedsAtLast = new(Failures: 2, MaxAttempts: 3, Delay: 0, IsForEngine: false);

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void After_a_critical_failure_what_runs_ends_in_peace_and_nothing_new_starts()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 2, (Step("bad"), Fails), (Step("slow"), Succeeds), (Step("new"), Succeeds), (Step("last", always: true), Succeeds));
        using ManualResetEventSlim begun = new();
        WatchedWorkflow? watched = null;
        using (watched = new WatchedWorkflow(_project, workflow)
        {
            OnStep = step =>
            {
                if (step == 0)
                {
                    begun.Wait();
                }
                else if (step == 1)
                {
                    begun.Set();
                    WaitForEnd(watched!, 0);
                }
            },
        })
        {
            watched.RunToEnd();
            Assert.Empty(watched.Problems);
            Assert.Equal(["bad: Failed", "last: Completed", "new: Skipped", "slow: Completed"], Statuses(watched));
            Assert.Equal("bad", watched.Runner.FailedStep);
        }
    }

    [Fact]
    public void With_cancel_a_critical_failure_reaches_a_step_that_had_its_place_but_no_thread_yet()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 2, (Step("bad"), Fails), (Step("engine"), Succeeds with { IsForEngine = true }));
        workflow = workflow with { Options = workflow.Options with { CancelsOnFailure = true } };
        using WatchedWorkflow watched = new(_project, workflow) { OnStep = step => Assert.Equal(0, step) };
        watched.Runner.Post(() => WaitForEnd(watched, 0));

        watched.RunToEnd();

        Assert.Equal(["bad: Failed", "engine: Interrupted"], Statuses(watched));
        Assert.Contains("\"bad\" failed", watched.Run.Steps.Single(step => step.Name == "engine").Error);
    }

    [Fact]
    public void A_step_that_runs_last_waits_for_a_place_for_its_next_attempt_though_the_build_is_to_stop()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 1, (Step("stop"), Succeeds), (Step("one", always: true), SucceedsAtLast), (Step("two", always: true), SucceedsAtLast));
        WatchedWorkflow? watched = null;
        using (watched = new WatchedWorkflow(_project, workflow)
        {
            OnAttempt = number =>
            {
                if (number == 1)
                {
                    watched!.Run.Stop();
                }
            },

            // Longer than the pause of the other, who then wants the place.
            OnStep = step => Thread.Sleep(step == 0 ? 0 : 60),
        })
        {
            watched.RunToEnd();
            Assert.Empty(watched.Problems);
            Assert.Equal(["one: Completed", "stop: Interrupted", "two: Completed"], Statuses(watched));
            Assert.Equal([3, 3], watched.Run.Steps.Where(step => step.Status == StepStatus.Completed).Select(step => step.Attempts));
        }
    }

    [Fact]
    public void A_step_for_the_engine_that_waits_for_its_next_attempt_does_not_wait_for_those_that_wait_for_its_thread()
    {
        Behaviour engine = SucceedsAtLast with { IsForEngine = true };
        TestWorkflow workflow = TestWorkflow.Of(_project, 3, (Step("one"), engine), (Step("two"), engine), (Step("three"), engine));
        using WatchedWorkflow watched = new(_project, workflow);

        watched.RunToEnd();

        Assert.Empty(watched.Problems);
        Assert.Equal(["one: Completed", "three: Completed", "two: Completed"], Statuses(watched));
    }

    [Fact]
    public void After_a_critical_failure_a_step_for_the_engine_gets_no_further_attempt()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 2, (Step("bad"), Fails), (Step("engine"), SucceedsAtLast with { IsForEngine = true }));
        WatchedWorkflow? watched = null;
        using (watched = new WatchedWorkflow(_project, workflow)
        {
            OnStep = step =>
            {
                if (step == 1)
                {
                    WaitForEnd(watched!, 0);
                }
            },
        })
        {
            watched.RunToEnd();
            Assert.Equal(["bad: Failed", "engine: Interrupted"], Statuses(watched));
            Assert.Equal(1, watched.Run.Steps.Single(step => step.Name == "engine").Attempts);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bug_in_a_step_comes_to_light_though_another_waits_for_its_place(bool inEngine)
    {
        TestWorkflow workflow = TestWorkflow.Of(
            _project,
            1,
            (Step("waits") with { Priority = 1 }, SucceedsAtLast),
            (Step("broken"), Succeeds with { IsForEngine = inEngine }),
            (Step("later") with { DependsOn = ["broken"] }, Succeeds));
        using WatchedWorkflow watched = new(_project, workflow)
        {
            OnStep = step =>
            {
                if (step == 1)
                {
                    Thread.Sleep(100);
                    throw new InvalidOperationException("a bug");
                }
            },
        };

        Exception error = Assert.Throws<AggregateException>(watched.RunToEnd).InnerException!;

        Assert.Contains("a bug", error.Message);
        Assert.DoesNotContain(watched.Run.Steps, step => step.Name == "later" && step.Status != StepStatus.Skipped);
    }

    [Fact]
    public void After_a_bug_nothing_new_starts()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 2, (Step("broken"), Succeeds), (Step("beside"), Succeeds), (Step("new"), Succeeds), (Step("newer"), Succeeds));
        using ManualResetEventSlim thrown = new();
        using WatchedWorkflow watched = new(_project, workflow)
        {
            OnStep = step =>
            {
                if (step == 0)
                {
                    thrown.Set();
                    throw new InvalidOperationException("a bug");
                }

                thrown.Wait();
                Thread.Sleep(100);
            },
        };

        Assert.Throws<AggregateException>(watched.RunToEnd);

        Assert.DoesNotContain(watched.Run.Steps, step => step.Name.StartsWith("new", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_posted_is_done_on_the_calling_thread_in_its_order_and_before_the_end()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 4, [.. Enumerable.Range(0, 20).Select(i => (Step($"step {i}"), Succeeds))]);
        List<(int Thread, int Number)> done = [];
        int posted = 0;
        WatchedWorkflow? watched = null;
        using (watched = new WatchedWorkflow(_project, workflow)
        {
            OnStep = _ =>
            {
                lock (workflow)
                {
                    int number = posted++;
                    watched!.Runner.Post(() => done.Add((Environment.CurrentManagedThreadId, number)));
                }
            },
        })
        {
            watched.RunToEnd();
        }

        Assert.Equal(Enumerable.Range(0, 20), done.Select(one => one.Number));
        Assert.Single(done.Select(one => one.Thread).Distinct());
    }

    [Fact]
    public void What_a_part_of_the_graph_has_completed_is_not_run_again_though_what_it_depends_on_was_left_out()
    {
        (GraphStep, Behaviour) load = (Step("load"), Succeeds with { Output = "load.txt" });
        (GraphStep, Behaviour) end = (Step("end"), Fails);
        GraphStep use = Step("use") with { DependsOn = ["load"] };
        Assert.Equal("load: Completed, use: Failed", Resume(TestWorkflow.Of(_project, 1, load, (use, Fails)), isPartial: false));
        TestWorkflow part = TestWorkflow.Of(_project, 1, load, (use, Succeeds), end);
        Assert.Equal("use: Completed", Resume(part with { Selected = [false, true, false] }, isPartial: true));

        Assert.Equal("end: Failed, load: before, use: before", Resume(part, isPartial: false));
    }

    [Fact]
    public void A_step_that_runs_whatever_happened_runs_again_in_a_continued_run()
    {
        (GraphStep, Behaviour) one = (Step("one"), Succeeds);
        (GraphStep, Behaviour) tidy = (Step("tidy", always: true), Succeeds);
        Assert.Equal("bad: Failed, one: Completed, tidy: Completed", Resume(TestWorkflow.Of(_project, 1, one, (Step("bad"), Fails), tidy), isPartial: false));

        Assert.Equal("bad: Completed, one: before, tidy: Completed", Resume(TestWorkflow.Of(_project, 1, one, (Step("bad"), Succeeds), tidy), isPartial: false));
    }

    [Fact]
    public void Threads_are_never_more_than_steps_at_a_time()
    {
        TestWorkflow workflow = TestWorkflow.Of(_project, 3, [.. Enumerable.Range(0, 60).Select(i => (Step($"step {i}"), Succeeds))]);
        HashSet<int> threads = [];
        using WatchedWorkflow watched = new(_project, workflow)
        {
            OnStep = _ =>
            {
                lock (workflow)
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                }
            },
        };

        watched.RunToEnd();

        Assert.Empty(watched.Problems);
        Assert.InRange(threads.Count, 1, 3);
    }

    private static GraphStep Step(string name, bool always = false) => new(name) { Always = always };

    // Until the graph knows of it, and not only the step.
    // Continues what there is to be continued, and says what became of each step, "before" being one that was not run again.
    private string Resume(TestWorkflow workflow, bool isPartial)
    {
        using WatchedWorkflow watched = new(_project, workflow, _project.Settings() with { Resume = true, IsPartial = isPartial })
        {
            OnStep = step => _project.Write(workflow.Behaviours[step].Output ?? "nothing", ""),
        };
        watched.RunToEnd();
        Assert.Empty(watched.Problems);
        return string.Join(", ", watched.Run.Steps.Select(step => $"{step.Name}: {(step.ResumedFrom is null ? step.Status : "before")}").Order(StringComparer.Ordinal));
    }

    private static void WaitForEnd(WatchedWorkflow watched, int step)
    {
        bool isEnded = false;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                watched.Runner.Look((_, progress) => isEnded = progress[step].IsEnded);
                return isEnded;
            },
            TimeSpan.FromSeconds(30)));
    }

    private static IEnumerable<string> Statuses(WatchedWorkflow watched) => watched.Run.Steps.Select(step => $"{step.Name}: {step.Status}").Order(StringComparer.Ordinal);
}
