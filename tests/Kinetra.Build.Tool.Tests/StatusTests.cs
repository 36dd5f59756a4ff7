using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class StatusTests(RecordedProject project)
{
    [Fact]
    public void The_last_run_is_shown_with_its_steps()
    {
        string output = Tool.Run(project.Folder, "status").Expect(0);

        Assert.StartsWith($"master · run {project.Runs[1]} · completed after ", output);
        Assert.Contains($"Continues run {project.Runs[0]}.", output);
        Assert.Matches(@"(?m)^✓  load \[red\]data  completed  +\d+(\.\d)? m?s  +1$", output);
        Assert.Matches(@"(?m)^✗  optional +failed +.*exit code 3, not critical$", output);
        Assert.Matches($@"(?m)^✓  count +completed .* completed in run {project.Runs[0]}$", output);
        Assert.DoesNotContain("\u001b", output);
    }

    [Theory]
    [InlineData("previous")]
    [InlineData("id")]
    [InlineData("end")]
    public void A_run_that_failed_has_exit_code_1_the_error_and_the_command_that_continues_it(string how)
    {
        string id = project.Runs[0];
        string run = how switch { "id" => id, "end" => id[9..], _ => how };
        string output = Tool.Run(project.Folder, "status", run).Expect(1);

        Assert.StartsWith($"master · run {id} · failed after ", output);
        Assert.Contains("Step \"load [red]data\" failed after 1 of 1 attempts: exit code 4.", output);
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:KinetraResume=true", output);
        Assert.Matches(@"(?m)^✓  download +completed +.* +2$", output);
        Assert.Contains("5 steps: 2 completed, 1 failed, 2 skipped.", output);
    }

    [Fact]
    public void The_JSON_is_the_state_with_what_the_tool_knows_besides()
    {
        ToolResult result = Tool.Run(project.Folder, "status", "previous", "--json");
        result.Expect(1);
        RunState state = RunState.Read(project.Folder[$".workflow_state/{project.Runs[0]}.json"]);

        // What the state file has is there, as it is there.
        foreach (JsonProperty property in state.Root.EnumerateObject().Where(property => property.Name != "steps"))
        {
            Assert.Equal(property.Value.GetRawText().ReplaceLineEndings("").Replace(" ", ""), result.Json.GetProperty(property.Name).GetRawText().ReplaceLineEndings("").Replace(" ", ""));
        }

        Assert.Equal(state.Steps, new RunState(result.Json).Steps);
        Assert.Equal([2, 1, 1, 0, 0], result.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("attempts").GetInt32()));
        Assert.Equal(1, result.Json.GetProperty("number").GetInt32());
        Assert.False(result.Json.GetProperty("alive").GetBoolean());
        Assert.False(result.Json.GetProperty("killed").GetBoolean());
    }

    [Fact]
    public void The_state_directory_is_found_above_and_by_name_and_by_the_project()
    {
        Directory.CreateDirectory(project.Folder["deep/er"]);
        using TempFolder elsewhere = new();
        string expected = project.Runs[1];

        Assert.Contains(expected, Tool.Run(project.Folder["deep/er"], "", "status").Expect(0));
        Assert.Contains(expected, Tool.Run(elsewhere, "status", "--state", project.Folder[".workflow_state"]).Expect(0));
        Assert.Contains(expected, Tool.Run(elsewhere, "status", "--state", project.Folder.Root).Expect(0));
        Assert.Contains(expected, Tool.Run(elsewhere, "status", "--project", project.Folder.Root).Expect(0));
        Assert.Contains(expected, Tool.Run(elsewhere, "status", "--project", project.Folder["master.proj"]).Expect(0));
    }

    [Fact]
    public void A_run_that_was_killed_is_said_to_be()
    {
        using WorkflowProject killed = new("""<Target Name="Run"><RunStepWithRetry StepName="Endless" Command="touch started; sleep 60" /></Target>""");
        using (RunningDotNet build = killed.Start())
        {
            killed.WaitFor("started");
            Assert.StartsWith("master · run ", Tool.Run(killed.Folder, "status").Expect(0));
            Assert.True(Tool.Run(killed.Folder, "status", "--json").Json.GetProperty("alive").GetBoolean());
            build.SignalGroup(9);
            Assert.NotEqual(0, build.WaitForEnd(TimeSpan.FromSeconds(30)).ExitCode);
        }

        ToolResult result = Tool.Run(killed.Folder, "status");
        Assert.Contains("· killed ·", result.Expect(1));
        Assert.Contains("-p:KinetraResume=true", result.Output);
        Assert.True(Tool.Run(killed.Folder, "status", "--json").Json.GetProperty("killed").GetBoolean());
        Assert.Contains("was killed", Tool.Run(killed.Folder, "doctor").Expect(0));
    }
}
