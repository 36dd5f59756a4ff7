using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class LogRotationTests : IDisposable
{
    private static readonly string[] Ids = ["20261123_045500", "20261123_045501", "20261123_045501-002", "20261124_000000"];

    private readonly TestProject _project = new();

    public LogRotationTests()
    {
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
        IReadOnlyList<string> removed = LogRotation.Apply(_project.Path("logs/workflow"), keep, Ids[^1]);
        string[] kept = Ids[^keep..];
        Assert.Equal(Ids.Except(kept).Order(), removed.Order());
        Assert.Equal(kept.SelectMany(id => new[] { $"logs/workflow/{id}/a.1.log", $"logs/workflow/workflow_{id}.log" }).Order(StringComparer.Ordinal), _project.Folder.Files());
        Assert.Equal(kept.Length, Directory.GetDirectories(_project.Folder["logs/workflow"]).Length);
    }

    [Fact]
    public void With_room_for_all_nothing_goes()
    {
        Assert.Empty(LogRotation.Apply(_project.Path("logs/workflow"), 4, Ids[^1]));
        Assert.Equal(8, _project.Folder.Files().Count);
    }

    [Fact]
    public void A_log_without_outputs_goes_too()
    {
        Directory.Delete(_project.Folder[$"logs/workflow/{Ids[0]}"], recursive: true);
        Assert.Equal([Ids[0]], LogRotation.Apply(_project.Path("logs/workflow"), 3, Ids[^1]));
        Assert.Equal(6, _project.Folder.Files().Count);
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

        LogRotation.Apply(_project.Path("logs/workflow"), 1, Ids[^1]);
        Assert.All(others, other => Assert.True(File.Exists(_project.Folder["logs/workflow/" + other]), other));
    }

    [Fact]
    public void A_link_in_a_folders_place_is_removed_and_not_followed()
    {
        Platform.RequireUnix();
        _project.Write("precious/a.txt", "1");
        Directory.Delete(_project.Folder[$"logs/workflow/{Ids[0]}"], recursive: true);
        Directory.CreateSymbolicLink(_project.Folder[$"logs/workflow/{Ids[0]}"], _project.Folder["precious"]);
        LogRotation.Apply(_project.Path("logs/workflow"), 3, Ids[^1]);
        Assert.Equal("1", _project.Folder.Read("precious/a.txt"));
        Assert.False(Directory.Exists(_project.Folder[$"logs/workflow/{Ids[0]}"]));
    }

    [Fact]
    public void The_settings_say_how_many_and_the_new_one_counts()
    {
        _project.Time.AdjustTime(new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
        using WorkflowRun all = WorkflowRun.Start(_project.Settings(), _project.Time);
        Assert.Empty(all.RemoveOldLogs());
        using WorkflowRun two = WorkflowRun.Start(_project.Settings(logKeep: 2), _project.Time);
        Assert.Equal(Ids.Order(), two.RemoveOldLogs().Order());
        Assert.True(File.Exists(two.Log.File.Full));
    }

    [Fact]
    public void The_running_runs_own_log_is_kept_though_the_clock_was_set_back()
    {
        _project.Time.AdjustTime(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using WorkflowRun run = WorkflowRun.Start(_project.Settings(logKeep: 1), _project.Time);
        run.RemoveOldLogs();
        Assert.True(File.Exists(run.Log.File.Full));
    }
}
