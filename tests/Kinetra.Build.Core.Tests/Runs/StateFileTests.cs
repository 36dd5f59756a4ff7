using System.Text.Json;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class StateFileTests : IDisposable
{
    private const double Start = 1795409701;

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    /// <summary>State files that no run has written.</summary>
    public static TheoryData<string> Damages =>
    [
        "", "{", "null", "[]", "7", "\"x\"", "{}", "\0\0\0",
        "{\"workflow_name\":\"master\"}",
        "{\"status\":\"completed\"}",
        "{\"workflow_name\":\"master\",\"status\":\"\"}",
        "{\"workflow_name\":\"master\",\"status\":\"happy\"}",
        "{\"workflow_name\":\"master\",\"status\":null}",
        "{\"workflow_name\":\"master\",\"status\":[]}",
        "{\"workflow_name\":7,\"status\":\"completed\"}",
        "{\"workflow_name\":\"master\",\"status\":\"completed\"",
        "{\"workflow_name\":\"master\",\"status\":\"completed\"}x",
        "{\"x\":{\"workflow_name\":\"master\",\"status\":\"completed\"}}",
    ];

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
        Assert.Equal(new PreviousRun("master", "20261123_045501-002", RunStatus.Failed), next.Previous);
        using WorkflowRun first = _project.StartRun("third");
        Assert.Null(first.Previous);
    }

    [Fact]
    public void A_state_of_the_seed_is_read()
    {
        _project.Write(".workflow_state/20251123_045501.json", """
            {
              "workflow_name": "master", "workflow_id": "20251123_045501", "start_time": 1763873701.1234567, "end_time": null,
              "total_duration": null, "status": "running", "metadata": {"status": "odd", "steps": [1, 2]},
              "steps": [{"name": "a", "status": "completed", "start_time": 1.0, "end_time": 2.0, "duration": 1.0, "error": null, "retry_count": 0}]
            }
            """);
        using WorkflowRun run = _project.StartRun();
        Assert.Equal(new PreviousRun("master", "20251123_045501", RunStatus.Running), run.Previous);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_an_error_and_everything_is_left_as_it_is(string content)
    {
        _project.Write(".workflow_state/20251123_045501.json", content);
        _project.Fails(DiagnosticCodes.CorruptState, () => _project.StartRun());
        Assert.Equal([".workflow_state/20251123_045501.json"], _project.Folder.Files());
        Assert.Equal(content, _project.Folder.Read(".workflow_state/20251123_045501.json"));
    }

    [Fact]
    public void A_number_is_no_status()
    {
        _project.Write(".workflow_state/20251123_045501.json", "{\"workflow_name\":\"master\",\"status\":\"7\"}");
        _project.Fails(DiagnosticCodes.CorruptState, () => _project.StartRun());
    }

    [Fact]
    public void Other_files_in_the_directory_do_not_matter()
    {
        _project.Write(".workflow_state/settings.json", "?");
        _project.Write(".workflow_state/20251123.json", "?");
        _project.Write(".workflow_state/20251123_045501.json.bak", "?");
        Directory.CreateDirectory(_project.Folder[".workflow_state/20251123_045501.json"]);
        using WorkflowRun run = _project.StartRun();
        Assert.Null(run.Previous);
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

    private static JsonElement Read(WorkflowRun run) => JsonDocument.Parse(File.ReadAllBytes(run.StateFile.Full)).RootElement;
}
