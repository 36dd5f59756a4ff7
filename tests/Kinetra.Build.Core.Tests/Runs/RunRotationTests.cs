using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class RunRotationTests : IDisposable
{
    private static readonly string[] Ids = ["20261123_045500", "20261123_045501", "20261123_045501-002", "20261124_000000"];

    private readonly TestProject _project = new();

    public RunRotationTests()
    {
        Directory.CreateDirectory(_project.Folder[TestProject.State]);
        foreach (string id in Ids)
        {
            _project.Write($"logs/workflow/workflow_{id}.log", "");
            _project.Write($"logs/workflow/{id}/a.1.log", "");
        }
    }

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_newest_are_kept(int keep)
    {
        IReadOnlyList<string> removed = Apply(keep, Ids[^1]);
        string[] kept = Ids[^keep..];
        Assert.Equal(Ids.Except(kept).Order(), removed.Order());
        Assert.Equal(kept.SelectMany(id => new[] { $"logs/workflow/{id}/a.1.log", $"logs/workflow/workflow_{id}.log" }).Order(StringComparer.Ordinal), _project.Folder.Files());
        Assert.Equal(kept.Length, Directory.GetDirectories(_project.Folder["logs/workflow"]).Length);
    }

    [Fact]
    public void With_room_for_all_nothing_goes()
    {
        Assert.Empty(Apply(4, Ids[^1]));
        Assert.Equal(8, _project.Folder.Files().Count);
    }

    [Fact]
    public void Runs_that_go_on_beside_each_other_stay()
    {
        RunSettings settings = _project.Settings(logKeep: 1) with { BuildId = "build" };
        using WorkflowRun one = WorkflowRun.Start(settings, _project.Time);
        using WorkflowRun two = WorkflowRun.Start(settings, _project.Time);
        using WorkflowRun three = WorkflowRun.Start(settings, _project.Time);
        three.RemoveOldRuns();
        foreach (WorkflowRun run in new[] { one, two, three })
        {
            Assert.True(File.Exists(run.Log.File.Full), run.Id);
            Assert.True(File.Exists(_project.Folder[$".workflow_state/{run.Id}.journal"]), run.Id);
        }
    }

    [Fact]
    public void A_log_without_outputs_goes_too()
    {
        Directory.Delete(_project.Folder[$"logs/workflow/{Ids[0]}"], recursive: true);
        Assert.Equal([Ids[0]], Apply(3, Ids[^1]));
        Assert.Equal(6, _project.Folder.Files().Count);
    }

    [Fact]
    public void Reports_go_with_their_runs_also_if_nothing_else_is_left_of_these()
    {
        foreach (string id in Ids.Append("20200101_000000"))
        {
            _project.Write($"logs/workflow/workflow_{id}.html", "");
        }

        Assert.Equal(["20200101_000000", .. Ids[..2]], Apply(2, Ids[^1]).Order());
        Assert.Equal(Ids[2..].Select(id => $"logs/workflow/workflow_{id}.html"), _project.Folder.Files().Where(file => file.EndsWith(".html", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_else_is_touched()
    {
        string[] others =
        [
            "workflow_notes.log", "workflow_20200101_000000.txt", "workflow_20200101.log", "20200101_000000/a.1.log", "other.log",
            "workflow_20200101_000000-1.log", "sub/workflow_20200101_000000.log", "xworkflow_20200101_000000.log",
        ];
        foreach (string other in others)
        {
            _project.Write("logs/workflow/" + other, "");
        }

        Apply(1, Ids[^1]);
        Assert.All(others, other => Assert.True(File.Exists(_project.Folder["logs/workflow/" + other]), other));
    }

    [Fact]
    public void A_link_in_a_folders_place_is_removed_and_not_followed()
    {
        Platform.RequireUnix();
        _project.Write("precious/a.txt", "1");
        Directory.Delete(_project.Folder[$"logs/workflow/{Ids[0]}"], recursive: true);
        Directory.CreateSymbolicLink(_project.Folder[$"logs/workflow/{Ids[0]}"], _project.Folder["precious"]);
        Apply(3, Ids[^1]);
        Assert.Equal("1", _project.Folder.Read("precious/a.txt"));
        Assert.False(Directory.Exists(_project.Folder[$"logs/workflow/{Ids[0]}"]));
    }

    [Fact]
    public void The_settings_say_how_many_and_the_new_one_counts()
    {
        _project.Time.AdjustTime(new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
        using (WorkflowRun all = WorkflowRun.Start(_project.Settings(), _project.Time))
        {
            Assert.Empty(all.RemoveOldRuns());
            all.Finish(RunStatus.Completed);
        }

        using WorkflowRun two = WorkflowRun.Start(_project.Settings(logKeep: 2), _project.Time);
        Assert.Equal(Ids.Order(), two.RemoveOldRuns().Order());
        Assert.True(File.Exists(two.Log.File.Full));
        Assert.Equal(2, RunHistory.Ids(_project.Path(TestProject.State)).Count);
    }

    [Fact]
    public void The_running_runs_own_log_is_kept_though_the_clock_was_set_back()
    {
        _project.Time.AdjustTime(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(logKeep: 1), _project.Time);
        run.RemoveOldRuns();
        Assert.True(File.Exists(run.Log.File.Full));
    }

    [Fact]
    public void States_go_with_the_logs()
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => Finished(RunStatus.Completed))];
        Assert.Equal(ids[..^2].Concat(Ids).Order(), Apply(2, ids[^1]).Order());
        Assert.Equal([ids[^1], ids[^2]], RunHistory.Ids(_project.Path(TestProject.State)));
        Assert.Equal([$"{TestProject.State}/{ids[^2]}.json", $"{TestProject.State}/{ids[^1]}.json"], States());
    }

    [Fact]
    public void A_run_that_could_be_continued_stays_until_another_takes_its_place()
    {
        string failed = Finished(RunStatus.Failed);
        string look = Finished(RunStatus.Completed, partial: true);
        string other = Finished(RunStatus.Completed, workflow: "other");
        Apply(1, other);
        Assert.Contains($"{TestProject.State}/{failed}.json", States());
        Assert.DoesNotContain($"{TestProject.State}/{look}.json", States());

        string completed = Finished(RunStatus.Completed);
        Apply(1, completed);
        Assert.Equal([$"{TestProject.State}/{completed}.json"], States());
    }

    [Fact]
    public void A_run_that_is_going_on_stays()
    {
        using WorkflowRun going = _project.StartRun();
        string other = Finished(RunStatus.Completed, workflow: "other");
        Apply(1, other);
        Assert.Contains($"{TestProject.State}/{going.Id}.json", States());
        Assert.True(File.Exists(going.Log.File.Full));
    }

    [Fact]
    public void A_state_without_a_journal_is_none_of_ours()
    {
        _project.Write($"{TestProject.State}/20200101_000000.json", "{}");
        Apply(1, Finished(RunStatus.Completed));
        Assert.Contains($"{TestProject.State}/20200101_000000.json", States());
    }

    private IReadOnlyList<string> Apply(int keep, string current) =>
        RunRotation.Apply(_project.Path("logs/workflow"), _project.Path(TestProject.State), keep, current);

    private string Finished(RunStatus status, string workflow = "master", bool partial = false)
    {
        _project.Time.AdjustTime(_project.Time.GetUtcNow().AddDays(2));
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(workflow) with { IsPartial = partial }, _project.Time);
        run.Finish(status);
        return run.Id;
    }

    private IEnumerable<string> States() => _project.Folder.Files().Where(file => file.StartsWith(TestProject.State, StringComparison.Ordinal) && file.EndsWith(".json", StringComparison.Ordinal));
}
