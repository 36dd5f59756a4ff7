using System.Text.Json;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class RunArchiveTests : IDisposable
{
    private readonly TestProject _project = new();

    private RunArchive Archive => new(_project.Path(TestProject.State));

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_run_that_has_ended_is_read_as_its_state_file_has_it()
    {
        WorkflowRun run = RecordedScene.Run(_project);
        string before = string.Join('\n', _project.Folder.Files());
        ArchivedRun read = Archive.Find(run.Id)!;

        Assert.Equal(File.ReadAllBytes(run.StateFile.Full), read.FormatState());
        Assert.Equal(Summary.Lines(run), read.Summary());
        Assert.Equal([2, 1, 1, 1], read.Steps.Select(step => step.AttemptsBegun));
        Assert.False(read.IsAlive);
        Assert.False(read.IsKilled);
        Assert.Equal(run.Log.File.Full, read.LogFile.Full);
        Assert.Equal(run.OutputOf(run.Steps[0], 1).Full, read.OutputOf(read.Steps[0], 1)?.Full);
        Assert.Equal(run.OutputOf(run.Steps[2], 1).Full, read.OutputOf(read.Steps[2], 1)?.Full);
        Assert.Equal(before, string.Join('\n', _project.Folder.Files()));
    }

    [Fact]
    public void While_it_goes_on_progress_and_estimate_are_there()
    {
        using WorkflowRun run = _project.StartRun();
        StepRecord step = run.Begin("a", critical: true);
        run.BeginAttempt(step, 1, "KINETRA_ATTEMPT_ID=a.1");
        run.ReportEstimate(new RunEstimate(1, 4, 25, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), ["a"]));
        run.ReportProgress(step, 45);
        run.Begin("b", critical: true);

        ArchivedRun read = Archive.Last()!;
        Assert.True(read.IsAlive);
        Assert.Equal(RunStatus.Running, read.Status);
        Assert.Equal(45, read.Steps[0].Progress);
        Assert.Equal(1, read.Steps[0].AttemptsBegun);
        Assert.Equal((1, 4, 25, TimeSpan.FromSeconds(3)), (read.Estimate!.Done, read.Estimate.Total, read.Estimate.PercentOfWork, read.Estimate.Median));
        Assert.Equal(run.OutputOf(run.Steps[0], 1).Full, read.OutputOf(read.Steps[0], 1)?.Full);
        Assert.Equal(run.Id, Archive.Holder("master")?.RunId);
        run.Finish(RunStatus.Completed, null);
    }

    [Fact]
    public void A_state_file_that_is_caught_half_written_does_no_harm()
    {
        using WorkflowRun run = _project.StartRun();
        run.Begin("a", critical: true);
        byte[] state = File.ReadAllBytes(run.StateFile.Full);
        for (int length = 0; length < state.Length; length++)
        {
            File.WriteAllBytes(run.StateFile.Full, state[..length]);
            Assert.Equal("a", Assert.Single(Archive.Last()!.Steps).Name);
        }
    }

    [Fact]
    public void The_last_run_is_the_one_with_the_highest_number_though_the_clock_was_set_back()
    {
        string first = End(_project.StartRun());
        string second = End(WorkflowRun.Start(_project.Settings() with { Workflow = "other" }, _project.Time));
        Assert.Equal("other", Archive.Last()!.Workflow);
        Assert.Equal(first, Archive.Last("master")!.Id);
        Assert.Null(Archive.Last("nobody"));

        // A clock that is set back makes ids that come before.
        using TestProject back = new();
        End(back.StartRun());
        back.Time.AdjustTime(back.Time.GetUtcNow() - TimeSpan.FromDays(1));
        string later = End(back.StartRun());
        RunArchive archive = new(back.Path(TestProject.State));
        Assert.NotEqual(later, archive.Ids()[0]);
        Assert.Equal(later, archive.Last()!.Id);
        Assert.Null(archive.Holder("master"));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Without_a_state_directory_there_is_nothing_and_nothing_is_created()
    {
        Assert.Empty(Archive.Ids());
        Assert.Null(Archive.Last());
        Assert.Null(Archive.Find("20260101_000000"));
        Assert.Null(Archive.Find("../x"));
        Assert.Null(Archive.Holder("master"));
        Assert.Empty(_project.Folder.Files());
    }

    [Fact]
    public void An_estimate_is_read_as_it_was_written()
    {
        foreach (RunEstimate estimate in (RunEstimate[])[new(1, 2, null, null, null, []), new(3, 4, 50, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2), ["a", "b"])])
        {
            using MemoryStream buffer = new();
            using (Utf8JsonWriter json = new(buffer))
            {
                estimate.Write(json);
            }

            using JsonDocument written = JsonDocument.Parse(buffer.ToArray());
            RunEstimate read = RunEstimate.Read(written.RootElement);
            Assert.Equal(estimate with { CriticalPath = read.CriticalPath }, read);
            Assert.Equal(estimate.CriticalPath, read.CriticalPath);
        }
    }

    private static string End(WorkflowRun run)
    {
        using (run)
        {
            run.Finish(RunStatus.Completed, null);
            return run.Id;
        }
    }
}
