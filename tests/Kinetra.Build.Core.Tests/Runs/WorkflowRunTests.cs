using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

[UnsupportedOSPlatform("windows")]
public sealed class WorkflowRunTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_run_has_state_and_log_by_its_id()
    {
        using WorkflowRun run = _project.StartRun();
        Assert.Equal("20261123_045501", run.Id);
        Assert.Equal([".workflow_state/.gitignore", ".workflow_state/20261123_045501.journal", ".workflow_state/20261123_045501.json", ".workflow_state/master.lock", "logs/workflow/workflow_20261123_045501.log"], _project.Folder.Files());
        Assert.Null(run.Previous);
        Assert.Equal(RunStatus.Running, run.Status);
    }

    [Fact]
    public void State_and_log_are_private()
    {
        Platform.RequireUnix();
        using WorkflowRun run = _project.StartRun();
        run.Begin("a", critical: true);
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(run.StateFile.Full));
        Assert.Equal(UnixMode.Private, File.GetUnixFileMode(run.Log.File.Full));
        Assert.Equal(UnixMode.PrivateDirectory, File.GetUnixFileMode(_project.Folder[".workflow_state"]));
    }

    [Fact]
    public void Runs_of_one_second_are_numbered()
    {
        using WorkflowRun first = _project.StartRun();
        using WorkflowRun second = _project.StartRun("other");
        using WorkflowRun third = _project.StartRun("third");
        Assert.Equal(["20261123_045501", "20261123_045501-002", "20261123_045501-003"], new[] { first.Id, second.Id, third.Id });
    }

    [Theory]
    [InlineData(".workflow_state/20261123_045501.json", "{\"workflow_name\":\"x\",\"status\":\"completed\"}")]
    [InlineData(".workflow_state/20261123_045501.journal", "kinetra-run 1\n")]
    [InlineData("logs/workflow/workflow_20261123_045501.log", "old")]
    public void An_id_whose_state_or_log_exists_is_not_used_again(string file, string content)
    {
        _project.Write(file, content);
        using WorkflowRun run = _project.StartRun();
        Assert.Equal("20261123_045501-002", run.Id);
        Assert.Equal(content, _project.Folder.Read(file));
        Assert.Single(_project.Folder.Files(), name => name.EndsWith("-002.log", StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_that_start_at_the_same_time_have_an_id_each()
    {
        ConcurrentBag<WorkflowRun> runs = [];
        Concurrently.Run(8, thread =>
        {
            for (int i = 0; i < 3; i++)
            {
                runs.Add(_project.StartRun($"workflow {thread} {i}"));
            }
        });
        Assert.Equal(24, runs.Select(run => run.Id).Distinct().Count());
        Assert.Equal(24, _project.Folder.Files().Count(file => file.EndsWith(".json", StringComparison.Ordinal)));
        Assert.Equal(24, _project.Folder.Files().Count(file => file.EndsWith(".log", StringComparison.Ordinal)));
        foreach (WorkflowRun run in runs)
        {
            run.Dispose();
        }
    }

    [Fact]
    public void Steps_of_several_threads_are_all_there()
    {
        using WorkflowRun run = _project.StartRun();
        Concurrently.Run(4, thread =>
        {
            for (int i = 0; i < 5; i++)
            {
                run.End(run.Begin($"{thread}", critical: true), StepStatus.Completed, 1, 0, null, null);
            }
        });
        Assert.Equal(20, run.Steps.Count);
        Assert.All(run.Steps.GroupBy(step => step.Name), group => Assert.Equal([1, 2, 3, 4, 5], group.Select(step => step.Occurrence)));
        Assert.Equal(20, run.Steps.Select(step => step.FileStem).Distinct().Count());
    }

    [Fact]
    public void Output_files_have_a_name_of_their_own_for_each_step_and_attempt()
    {
        using WorkflowRun run = _project.StartRun();
        string[] names = ["a", "a", "A", "a b", "a-b", "a/b", "a-002", "con", "", "..", "ü", new string('x', 300), new string('x', 301)];
        string[] files = [.. names.Select(name => run.Begin(name, critical: true)).SelectMany(step => new[] { 1, 2 }.Select(attempt => run.OutputOf(step, attempt).Full))];
        Assert.Equal(files.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files, file => Assert.Equal(_project.Folder[Path.Combine("logs", "workflow", run.Id)], Path.GetDirectoryName(file)));
        Assert.All(files, file => _project.Write(file, ""));
        Assert.Equal("logs/workflow/20261123_045501/a.2.log", run.OutputOf(run.Steps[0], 2).Display.Replace('\\', '/'));
    }

    [Fact]
    public void The_first_end_counts()
    {
        using WorkflowRun run = _project.StartRun();
        _project.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(run.Finish(RunStatus.Failed, "because"));
        string state = File.ReadAllText(run.StateFile.Full);
        _project.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(run.Finish(RunStatus.Completed));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("because", run.Error);
        Assert.Equal(TimeSpan.FromSeconds(2), run.Duration);
        Assert.Equal(state, File.ReadAllText(run.StateFile.Full));
    }

    [Fact]
    public void A_run_that_was_told_to_stop_is_interrupted_whatever_else_is_said()
    {
        using WorkflowRun run = _project.StartRun();
        StepRecord step = run.Begin("a", critical: true);
        run.Stop();
        run.Stop();
        Assert.True(run.Stopping.IsCancellationRequested);
        run.Finish(RunStatus.Completed);
        Assert.Equal(RunStatus.Interrupted, run.Status);
        Assert.Equal(StepStatus.Interrupted, step.Status);
        Assert.NotNull(step.Duration);
    }

    [Fact]
    public void After_the_end_no_step_begins()
    {
        using WorkflowRun run = _project.StartRun();
        run.Finish(RunStatus.Completed);
        KinetraException error = _project.Fails(DiagnosticCodes.RunEnded, () => run.Begin("late", critical: true));
        Assert.Contains("late", error.Message);
        Assert.Empty(run.Steps);
    }

    [Fact]
    public void A_step_that_outlives_its_run_changes_nothing()
    {
        using WorkflowRun run = _project.StartRun();
        StepRecord step = run.Begin("a", critical: true);
        run.Finish(RunStatus.Failed);
        string state = File.ReadAllText(run.StateFile.Full);
        run.End(step, StepStatus.Completed, 1, 0, null, null);
        Assert.Equal(StepStatus.Interrupted, step.Status);
        Assert.Equal(state, File.ReadAllText(run.StateFile.Full));
    }

    [Fact]
    public void Durations_do_not_depend_on_the_clock_on_the_wall()
    {
        TwoClocks time = new();
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(), time);
        StepRecord step = run.Begin("a", critical: true);
        time.Elapsed += TimeSpan.FromSeconds(3);
        time.Now -= TimeSpan.FromHours(1);
        run.End(step, StepStatus.Completed, 1, 0, null, null);
        run.Finish(RunStatus.Completed);
        Assert.Equal(TimeSpan.FromSeconds(3), step.Duration);
        Assert.Equal(TimeSpan.FromSeconds(3), run.Duration);
    }

    [Fact]
    public void A_run_that_is_closed_without_an_end_stays_running()
    {
        _project.StartRun().Dispose();
        _project.Time.Advance(TimeSpan.FromMinutes(1));
        using WorkflowRun next = _project.StartRun();
        Assert.Equal(("20261123_045501", RunStatus.Running), (next.Previous!.Id, next.Previous.Status));
        Assert.Equal("interrupted", RunState.Read(_project.Folder[".workflow_state/20261123_045501.json"]).Status);
    }

    [Fact]
    public void A_state_directory_that_cannot_be_written_is_an_error()
    {
        Platform.RequireLinux();
        RunSettings settings = _project.Settings() with { StateDirectory = _project.Path("/proc/self") };
        _project.Fails(DiagnosticCodes.StateUnwritable, () => WorkflowRun.Start(settings, _project.Time));
    }

    [Fact]
    public void When_nothing_has_begun_no_log_stays()
    {
        Platform.RequireLinux();
        RunSettings settings = _project.Settings() with { StateDirectory = _project.Path("/proc/self") };
        _project.Fails(DiagnosticCodes.StateUnwritable, () => WorkflowRun.Start(settings, _project.Time));
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void A_log_directory_that_is_a_file_is_an_error_before_anything_begins()
    {
        _project.Write("logs", "");
        _project.Fails(DiagnosticCodes.StateUnwritable, () => _project.StartRun());
        Assert.DoesNotContain(_project.Folder.Files(), file => file.EndsWith(".json", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_success_of_many_steps_is_found_with_one_reading()
    {
        WorkflowRun first = _project.StartRun();
        foreach (string name in new[] { "a", "b" })
        {
            first.End(first.Begin(name, critical: true), StepStatus.Completed, 1, 0, null, null);
        }

        first.Finish(RunStatus.Completed);
        first.Dispose();
        using WorkflowRun next = _project.StartRun();
        Assert.Equal(first.Id, next.FindLastSuccess("a", 1)?.ResumedFrom);
        File.Delete(_project.Folder[$".workflow_state/{first.Id}.journal"]);
        Assert.Equal(first.Id, next.FindLastSuccess("b", 1)?.ResumedFrom);
        Assert.Null(next.FindLastSuccess("c", 1));
    }

    [Fact]
    public void Told_to_stop_after_all_is_over_nothing_happens()
    {
        WorkflowRun run = _project.StartRun();
        run.Finish(RunStatus.Completed);
        run.Dispose();
        run.Stop();
        Assert.Equal(RunStatus.Completed, run.Status);
    }

    [Fact]
    public void In_the_background_the_state_follows_within_a_moment_and_is_whole_at_the_end()
    {
        using WorkflowRun run = WorkflowRun.Start(_project.Settings() with { WritesAtOnce = false }, _project.Time);
        for (int i = 0; i < 50; i++)
        {
            run.End(run.Begin($"step {i}", critical: true), StepStatus.Completed, 1, 0, null, null);
        }

        StepRecord last = run.Begin("the last", critical: true);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(run.StateFile.Full).Contains("the last", StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
        run.ReportProgress(last, 70);
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(run.StateFile.Full).Contains("\"progress\": 70", StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
        run.End(last, StepStatus.Completed, 1, 0, null, null);
        run.Finish(RunStatus.Completed);
        Assert.Equal("completed", RunState.Read(run.StateFile.Full).Status);
        Assert.Equal(51, RecordedScene.Read(_project, run.Id).Run.Steps.Count(step => step.Status == StepStatus.Completed));
    }

    [Fact]
    public void A_step_that_has_ended_is_in_the_journal_before_anything_is_flushed()
    {
        WorkflowRun run = WorkflowRun.Start(_project.Settings() with { WritesAtOnce = false }, _project.Time);
        run.End(run.Begin("a", critical: true), StepStatus.Completed, 1, 0, null, null);
        Assert.Equal(StepStatus.Completed, Assert.Single(RecordedScene.Read(_project, run.Id).Run.Steps).Status);
        run.Dispose();
    }

    [Fact]
    public void A_state_that_cannot_be_written_in_the_background_fails_a_later_step_until_it_can()
    {
        using WorkflowRun run = WorkflowRun.Start(_project.Settings() with { WritesAtOnce = false }, _project.Time);
        File.Delete(run.StateFile.Full);
        Directory.CreateDirectory(run.StateFile.Full);
        bool failed = SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    run.Begin("a", critical: true);
                    return false;
                }
                catch (KinetraException)
                {
                    return true;
                }
            },
            TimeSpan.FromSeconds(20));
        Assert.True(failed);
        Directory.Delete(run.StateFile.Full);
        run.Begin("b", critical: true);
        Assert.Contains("\"b\"", File.ReadAllText(run.StateFile.Full));
    }

    // The clock on the wall can be set back, the one for durations never goes back.
    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 4, 55, 1, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
