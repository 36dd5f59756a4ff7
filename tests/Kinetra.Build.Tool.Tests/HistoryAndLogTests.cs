using System.Diagnostics;
using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class HistoryAndLogTests(RecordedProject project)
{
    [Fact]
    public void The_history_lists_the_runs_newest_first()
    {
        string[] lines = Tool.Run(project.Folder, "history").Expect(0).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Matches($@"^{project.Runs[1]} +completed  .* continues {project.Runs[0]}$", lines[1]);
        Assert.Matches($@"^{project.Runs[0]} +failed  .*2 completed, 1 failed, 2 skipped$", lines[2]);

        Assert.Single(Tool.Run(project.Folder, "history", "-n", "1", "--json").Json.GetProperty("runs").EnumerateArray());
        JsonElement run = Tool.Run(project.Folder, "history", "--json").Json.GetProperty("runs")[1];
        Assert.Equal(project.Runs[0], run.GetProperty("workflow_id").GetString());
        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal(2, run.GetProperty("steps").GetProperty("skipped").GetInt32());
    }

    [Fact]
    public void The_history_of_a_step_is_what_became_of_it_in_each_run()
    {
        string[] lines = Tool.Run(project.Folder, "history", "load [red]data").Expect(0).TrimEnd().Split('\n');
        Assert.Matches($@"^{project.Runs[1]} +completed ", lines[1]);
        Assert.Matches($@"^{project.Runs[0]} +failed .*exit code 4$", lines[2]);

        JsonElement runs = Tool.Run(project.Folder, "history", "download", "--json").Json.GetProperty("runs");
        Assert.Equal(2, runs[1].GetProperty("attempts").GetInt32());
        Assert.Equal(project.Runs[0], runs[0].GetProperty("resumed_from").GetString());
    }

    [Fact]
    public void The_log_is_that_of_the_run_or_of_an_attempt_byte_for_byte()
    {
        Assert.Equal(File.ReadAllText(project.Folder[$"logs/workflow/workflow_{project.Runs[1]}.log"]), Tool.Run(project.Folder, "log").Expect(0));
        Assert.Equal("no network\n", Tool.Run(project.Folder, "log", "download", "--attempt", "1", "--run", "previous").Expect(0));
        Assert.Equal("got \u001b]0;title\u0007it\n", Tool.Run(project.Folder, "log", "download", "--run", "previous").Expect(0));
        Assert.Equal("loading\n", Tool.Run(project.Folder, "log", "LOAD [red]data").Expect(0));
        Assert.Equal($"logs/workflow/{project.Runs[1]}/load--red-data.1.log\n", Tool.Run(project.Folder, "log", "load [red]data", "--path").Expect(0));

        JsonElement json = Tool.Run(project.Folder, "log", "load [red]data", "--json").Json;
        Assert.Equal("loading", Assert.Single(json.GetProperty("lines").EnumerateArray()).GetString());
        Assert.Equal(1, json.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public void A_command_that_printed_nothing_says_so()
    {
        ToolResult quiet = Tool.Run(project.Folder, "log", "count", "--run", "previous");
        Assert.Equal("", quiet.Expect(0));
        Assert.Equal("Step \"count\", attempt 1, has printed nothing.", quiet.Errors.TrimEnd());
        Assert.Equal("", Tool.Run(project.Folder, "log", "count", "--run", "previous", "--path").Expect(0));
        JsonElement json = Tool.Run(project.Folder, "log", "count", "--run", "previous", "--json").Json;
        Assert.Equal(0, json.GetProperty("lines").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("log_file").ValueKind);
    }

    [Fact]
    public void The_output_of_a_step_that_builds_targets_is_in_the_log_of_the_build()
    {
        using WorkflowProject built = new("""<Target Name="Print" /><ItemGroup><KinetraStep Include="print" Targets="Print" /></ItemGroup>""", targets: "");
        Assert.Equal(0, built.Build().ExitCode);
        Assert.Contains("builds projects", Tool.Run(built.Folder, "log", "print").Error(3, "KIN6006"));
    }

    [Theory]
    [InlineData("echo late", "late\n", "")]
    [InlineData("true", "", "Step \"quiet\", attempt 1, has printed nothing.\n")]
    public void A_step_that_has_printed_nothing_yet_is_waited_for(string then, string output, string note)
    {
        using WorkflowProject running = new($$"""<Target Name="Run"><RunStepWithRetry StepName="quiet" Command="touch started; while [ ! -e go ]; do sleep 0.05; done; {{then}}" /></Target>""");
        using RunningDotNet build = running.Start();
        running.WaitFor("started");

        ToolResult yet = Tool.Run(running.Folder, "log", "quiet");
        Assert.Equal("", yet.Expect(0));
        Assert.Equal("Step \"quiet\", attempt 1, has printed nothing yet; --follow waits for it.", yet.Errors.TrimEnd());
        Assert.Equal(0, Tool.Run(running.Folder, "log", "quiet", "--json").Json.GetProperty("lines").GetArrayLength());

        using Process follow = Tool.Start(running.Folder.Root, ["log", "quiet", "--follow"]);
        Assert.False(follow.WaitForExit(TimeSpan.FromSeconds(1)));
        running.Write("go", "");
        Assert.Equal((output, note), (follow.StandardOutput.ReadToEnd(), follow.StandardError.ReadToEnd()));
        Assert.True(follow.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, follow.ExitCode);
        Assert.Equal(0, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
    }

    [Fact]
    public void A_log_is_followed_until_the_step_ends()
    {
        using WorkflowProject running = new("""<Target Name="Run"><RunStepWithRetry StepName="A b" Command="echo one; touch started; while [ ! -e go ]; do sleep 0.05; done; echo two" /></Target>""");
        using RunningDotNet build = running.Start();
        running.WaitFor("started");
        using Process follow = Tool.Start(running.Folder.Root, ["log", "A b", "--follow"]);
        Assert.Equal("one", follow.StandardOutput.ReadLine());
        Assert.False(follow.HasExited);

        running.Write("go", "");
        Assert.Equal("two", follow.StandardOutput.ReadLine());
        Assert.Null(follow.StandardOutput.ReadLine());
        Assert.True(follow.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, follow.ExitCode);
        Assert.Equal(0, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
    }
}
