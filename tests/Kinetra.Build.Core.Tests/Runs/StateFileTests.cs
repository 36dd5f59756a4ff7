using System.Text.Json;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class StateFileTests : IDisposable
{
    private const double Start = 1795409701;

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_run_that_has_begun_has_all_fields_of_the_seed()
    {
        using WorkflowRun run = WorkflowRun.Start(_project.Settings("Master ü", null, ("version", "2.0"), ("ünit", "\"x\"")), _project.Time);
        JsonElement state = Read(run);
        Assert.Equal("Master ü", state.GetProperty("workflow_name").GetString());
        Assert.Equal("20261123_045501", state.GetProperty("workflow_id").GetString());
        Assert.Equal(Start, state.GetProperty("start_time").GetDouble());
        Assert.Equal(JsonValueKind.Null, state.GetProperty("end_time").ValueKind);
        Assert.Equal(JsonValueKind.Null, state.GetProperty("total_duration").ValueKind);
        Assert.Equal("running", state.GetProperty("status").GetString());
        Assert.Equal(0, state.GetProperty("steps").GetArrayLength());
        Assert.Equal("2.0", state.GetProperty("metadata").GetProperty("version").GetString());
        Assert.Equal("\"x\"", state.GetProperty("metadata").GetProperty("ünit").GetString());
    }

    [Fact]
    public void It_is_up_to_date_after_every_step()
    {
        using WorkflowRun run = _project.StartRun();
        _project.Time.Advance(TimeSpan.FromSeconds(1));
        StepRecord step = run.Begin("Download Data", critical: true);
        JsonElement begun = Assert.Single(Read(run).GetProperty("steps").EnumerateArray().ToArray());
        Assert.Equal("Download Data", begun.GetProperty("name").GetString());
        Assert.Equal("running", begun.GetProperty("status").GetString());
        Assert.Equal(Start + 1, begun.GetProperty("start_time").GetDouble());
        Assert.Equal(JsonValueKind.Null, begun.GetProperty("end_time").ValueKind);
        Assert.Equal(JsonValueKind.Null, begun.GetProperty("duration").ValueKind);
        Assert.Equal(JsonValueKind.Null, begun.GetProperty("error").ValueKind);
        Assert.Equal(0, begun.GetProperty("retry_count").GetInt32());

        _project.Time.Advance(TimeSpan.FromSeconds(2.5));
        run.End(step, StepStatus.Failed, 3, 7, "it broke", "logs/x.log");
        JsonElement ended = Assert.Single(Read(run).GetProperty("steps").EnumerateArray().ToArray());
        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal(Start + 3.5, ended.GetProperty("end_time").GetDouble());
        Assert.Equal(2.5, ended.GetProperty("duration").GetDouble());
        Assert.Equal("it broke", ended.GetProperty("error").GetString());
        Assert.Equal(2, ended.GetProperty("retry_count").GetInt32());
        Assert.Equal(7, ended.GetProperty("exit_code").GetInt32());
        Assert.Equal("logs/x.log", ended.GetProperty("log_file").GetString());

        run.Begin("Download Data", critical: false);
        JsonElement again = Read(run).GetProperty("steps")[1];
        Assert.Equal(2, again.GetProperty("occurrence").GetInt32());
        Assert.False(again.GetProperty("critical").GetBoolean());
    }

    [Fact]
    public void Progress_that_cannot_be_written_is_no_error_and_written_later()
    {
        using WorkflowRun run = _project.StartRun();
        StepRecord step = run.Begin("a", critical: true);
        File.Delete(run.StateFile.Full);
        Directory.CreateDirectory(run.StateFile.Full);
        _project.Time.Advance(TimeSpan.FromSeconds(2));
        run.ReportProgress(step, 50);
        Directory.Delete(run.StateFile.Full);
        _project.Time.Advance(TimeSpan.FromSeconds(2));
        run.ReportProgress(step, 60);
        Assert.Equal(60, Assert.Single(Read(run).GetProperty("steps").EnumerateArray().ToArray()).GetProperty("progress").GetInt32());
    }

    [Theory]
    [InlineData(RunStatus.Completed, "completed")]
    [InlineData(RunStatus.Failed, "failed")]
    [InlineData(RunStatus.Interrupted, "interrupted")]
    public void The_end_is_written(RunStatus status, string word)
    {
        using WorkflowRun run = _project.StartRun();
        StepRecord step = run.Begin("a", critical: true);
        _project.Time.Advance(TimeSpan.FromSeconds(10.25));
        run.Finish(status, "why");
        JsonElement state = Read(run);
        Assert.Equal(word, state.GetProperty("status").GetString());
        Assert.Equal(Start + 10.25, state.GetProperty("end_time").GetDouble());
        Assert.Equal(10.25, state.GetProperty("total_duration").GetDouble());
        Assert.Equal("why", state.GetProperty("error").GetString());
        Assert.Equal("interrupted", state.GetProperty("steps")[0].GetProperty("status").GetString());
        Assert.Equal(StepStatus.Interrupted, step.Status);
    }

    [Fact]
    public void Any_text_can_be_kept()
    {
        using WorkflowRun run = _project.StartRun();
        const string Text = "\"quoted\" \\ \u0001\n\t ü数𝒳 </script>";
        run.End(run.Begin(Text, critical: true), StepStatus.Failed, 1, 1, Text + "\ud835", null);
        JsonElement step = Read(run).GetProperty("steps")[0];
        Assert.Equal(Text, step.GetProperty("name").GetString());
        Assert.StartsWith(Text, step.GetProperty("error").GetString());
    }

    [Fact]
    public void The_previous_run_is_the_last_one_of_that_workflow()
    {
        foreach ((string workflow, RunStatus status) in new[] { ("master", RunStatus.Completed), ("master", RunStatus.Failed), ("other", RunStatus.Interrupted) })
        {
            using WorkflowRun run = _project.StartRun(workflow);
            run.Finish(status);
        }

        using WorkflowRun next = _project.StartRun();
        Assert.Equal(("20261123_045501-002", RunStatus.Failed), (next.Previous!.Id, next.Previous.Status));
        using WorkflowRun first = _project.StartRun("third");
        Assert.Null(first.Previous);
    }

    [Fact]
    public void Other_files_in_the_directory_do_not_matter()
    {
        _project.Write(".workflow_state/settings.json", "?");
        _project.Write(".workflow_state/20251123_045501.json", "?");
        _project.Write(".workflow_state/20251123.journal", "?");
        _project.Write(".workflow_state/20251123_045501.journal.bak", "?");
        Directory.CreateDirectory(_project.Folder[".workflow_state/20251123_045502.journal"]);
        using WorkflowRun run = _project.StartRun();
        Assert.Null(run.Previous);
        Assert.Null(run.Damage);
    }

    [Fact]
    public void It_stays_current_when_it_is_large()
    {
        using WorkflowRun run = _project.StartRun();
        for (int i = 1; i <= 1_000; i++)
        {
            StepRecord step = run.Begin($"step {i}", critical: true);
            if (i % 50 == 0)
            {
                Assert.Equal((i, "running"), LastStep(run));
            }

            run.End(step, i % 7 == 0 ? StepStatus.Failed : StepStatus.Completed, 1, 0, i % 7 == 0 ? new string('e', i) : null, null);
            if (i % 50 == 0)
            {
                Assert.Equal((i, i % 7 == 0 ? "failed" : "completed"), LastStep(run));
            }
        }

        Assert.True(new FileInfo(run.StateFile.Full).Length > 3 * StateWriter.LargeState);
        run.Finish(RunStatus.Completed);
        Assert.Equal((1_000, "completed"), LastStep(run));
        Assert.Equal("completed", Read(run).GetProperty("status").GetString());
        Assert.Equal(Enumerable.Range(1, 1_000).Select(i => $"step {i}"), Read(run).GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
    }

    [Fact]
    public void Of_a_large_one_a_step_writes_its_own_part_only()
    {
        using WorkflowRun run = _project.StartRun();
        RunRecord record = new() { Workflow = "w", Id = run.Id, Number = 1, ProcessId = 1, Host = "h", StartTime = run.StartTime, LogFile = "l", Metadata = run.Metadata };
        using StateWriter writer = new(run.StateFile, record);
        for (int i = 0; i < 2_000; i++)
        {
            writer.End(new StepRecord(i + 1, $"step {i}", 1, critical: true) { Status = StepStatus.Completed });
        }

        writer.Write();
        byte[] before = File.ReadAllBytes(run.StateFile.Full);
        writer.End(new StepRecord(2_001, "the last", 1, critical: true) { Status = StepStatus.Completed });
        writer.Write();
        byte[] after = File.ReadAllBytes(run.StateFile.Full);
        int same = before.AsSpan().CommonPrefixLength(after);
        Assert.InRange(same, before.Length - 500, before.Length);

        // What it would write of the part that is done is never looked at again: spoil it, and it stays spoiled.
        using (FileStream file = new(run.StateFile.Full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write("spoiled"u8);
        }

        writer.End(new StepRecord(2_002, "the very last", 1, critical: true) { Status = StepStatus.Completed });
        writer.Write();
        Assert.StartsWith("spoiled", File.ReadAllText(run.StateFile.Full));
    }

    [Fact]
    public void Whoever_reads_while_it_is_written_reads_a_whole_state()
    {
        using WorkflowRun run = _project.StartRun();
        bool done = false;
        Concurrently.Run(2, thread =>
        {
            if (thread == 1)
            {
                while (!Volatile.Read(ref done))
                {
                    Read(run);
                }

                return;
            }

            try
            {
                for (int i = 0; i < 30; i++)
                {
                    run.End(run.Begin($"step {i}", critical: true), StepStatus.Completed, 1, 0, null, null);
                }
            }
            finally
            {
                Volatile.Write(ref done, true);
            }
        });
        Assert.Equal(30, Read(run).GetProperty("steps").GetArrayLength());
    }

    private static (int Count, string Status) LastStep(WorkflowRun run)
    {
        JsonElement steps = Read(run).GetProperty("steps");
        JsonElement last = steps[steps.GetArrayLength() - 1];
        Assert.Equal($"step {steps.GetArrayLength()}", last.GetProperty("name").GetString());
        return (steps.GetArrayLength(), last.GetProperty("status").GetString()!);
    }

    private static JsonElement Read(WorkflowRun run) => JsonDocument.Parse(File.ReadAllBytes(run.StateFile.Full)).RootElement;
}
