using System.Collections.Concurrent;
using Kinetra.Build.Core.Graphs;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

/// <summary>
/// Random graphs of steps that are really run in parallel, each compared with a model that goes through them one after another. The seed of one that
/// is wrong is in the message.
/// </summary>
public sealed class WorkflowModelTests
{
    private const int Seeds = 200;

    [Fact]
    public void Whatever_the_graph_each_step_runs_once_in_its_order_within_the_limits_and_ends_as_it_should() =>
        ForSeeds(Seeds, (seed, problems) =>
        {
            using TestProject project = new();
            TestWorkflow workflow = RandomWorkflow.Of(project, seed, mostSucceed: true);
            using WatchedWorkflow watched = new(project, workflow);
            watched.RunToEnd();
            Compare(workflow, watched, problems);
        });

    [Fact]
    public void Wherever_the_build_is_told_to_stop_nothing_new_starts_but_what_runs_last_and_all_of_it_ends() =>
        ForSeeds(Seeds / 2, (seed, problems) =>
        {
            using TestProject project = new();
            TestWorkflow workflow = RandomWorkflow.Of(project, seed + 10_000, mostSucceed: false);
            int when = new Random(seed).Next(1, 30);
            WatchedWorkflow? watched = null;
            using (watched = new WatchedWorkflow(project, workflow)
            {
                OnAttempt = number =>
                {
                    if (number == when)
                    {
                        watched!.Run.Stop();
                        watched.IsStopped = true;
                    }
                },
            })
            {
                watched.RunToEnd();
                Compare(workflow, watched, problems);
                AddIf(watched.IsStopped && watched.Run.Status != RunStatus.Interrupted, $"the run is {watched.Run.Status}", problems);
                AddIf(watched.BegunAfterStop > workflow.Options.MaxParallel, $"{watched.BegunAfterStop} attempts began after the stop", problems);
            }
        });

    [Fact]
    public void A_stop_from_another_thread_at_any_moment_breaks_nothing() =>
        ForSeeds(Seeds / 2, (seed, problems) =>
        {
            using TestProject project = new();
            TestWorkflow workflow = RandomWorkflow.Of(project, seed + 20_000, mostSucceed: false);
            using WatchedWorkflow watched = new(project, workflow);
            Thread stop = new(() =>
            {
                Random random = new(seed);
                Thread.Sleep(random.Next(12));
                Thread.SpinWait(random.Next(20_000));
                watched.Run.Stop();
                watched.IsStopped = true;
            });
            stop.Start();
            watched.RunToEnd();
            stop.Join();
            Compare(workflow, watched, problems);
        });

    private static void ForSeeds(int count, Action<int, List<string>> test)
    {
        ConcurrentQueue<string> wrong = [];
        Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed =>
        {
            List<string> problems = [];
            try
            {
                test(seed, problems);
            }
            catch (Exception error) when (error is AggregateException or TimeoutException)
            {
                problems.Add(error.ToString());
            }

            if (problems.Count > 0)
            {
                wrong.Enqueue($"seed {seed}: {string.Join("; ", problems)}");
            }
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }

    private static void Compare(TestWorkflow workflow, WatchedWorkflow watched, List<string> problems)
    {
        problems.AddRange(watched.Problems);
        Dictionary<string, StepRecord> records = watched.Run.Steps.ToDictionary(step => step.Name);
        Dictionary<int, StepStatus> halted = [];
        bool isFailed = false;
        for (int i = 0; i < workflow.Behaviours.Length; i++)
        {
            GraphStep step = workflow.Graph.Steps[i];
            if (!records.TryGetValue(step.Name, out StepRecord? record))
            {
                AddIf(workflow.Selected[i], $"{step.Name} is lost", problems);
                continue;
            }

            isFailed |= record is { Status: StepStatus.Failed, IsCritical: true } && !step.Always;
            bool isHalted = record.Status == StepStatus.Interrupted || (record.Status == StepStatus.Skipped && !record.Reason!.Contains("which it depends on", StringComparison.Ordinal));
            if (isHalted)
            {
                halted.Add(i, record.Status);
            }

            int attempts = workflow.Behaviours[i].Attempts;
            AddIf(record.IsDone && record.Attempts != attempts, $"{step.Name} took {record.Attempts} attempts, not {attempts}", problems);
            AddIf(record.Status == StepStatus.Failed && record.Attempts > attempts, $"{step.Name} was tried {record.Attempts} times", problems);
            AddIf(isHalted && step.Always, $"{step.Name}, which runs last, is {record.Status}: {record.Reason}", problems);
        }

        AddIf(halted.Count > 0 && !watched.Run.Stopping.IsCancellationRequested && (workflow.Options.KeepsGoing || !isFailed), $"{halted.Count} steps were halted without a reason", problems);
        foreach ((string name, StepStatus expected) in SequentialModel.Of(workflow, halted))
        {
            AddIf(records.TryGetValue(name, out StepRecord? record) && record.Status != expected, $"{name} is {record?.Status}, not {expected}", problems);
        }
    }

    private static void AddIf(bool isWrong, string problem, List<string> problems)
    {
        if (isWrong)
        {
            problems.Add(problem);
        }
    }
}
