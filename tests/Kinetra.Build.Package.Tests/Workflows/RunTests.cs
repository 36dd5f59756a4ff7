using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class RunTests
{
    private const string Step = """<Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /></Target>""";

    [Fact]
    public void State_log_and_summary_tell_the_same_story()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraWorkflow>nightly</KinetraWorkflow></PropertyGroup>
            <ItemGroup><KinetraMetadata Include="version" Value="2.0" /><KinetraMetadata Include="branch" Value="a;b" /></ItemGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="One" Command="echo from one" />
              <RunStepWithRetry StepName="One" Command="true" />
            </Target>
            """);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        RunState state = project.State();
        Assert.Equal("nightly", state.Root.GetProperty("workflow_name").GetString());
        Assert.Equal("completed", state.Status);
        Assert.Equal(["One: completed", "One: completed"], state.Steps);
        Assert.Equal("2.0", state.Root.GetProperty("metadata").GetProperty("version").GetString());
        Assert.Equal("a;b", state.Root.GetProperty("metadata").GetProperty("branch").GetString());
        Assert.Contains("Workflow nightly", result.Output);
        Assert.Contains("× 2", result.Output);
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \| INFO     \| One: completed", project.Log());
        Assert.Contains("Performance Insights:", project.Log());
    }

    [Fact]
    public void Every_build_is_a_run_of_its_own_even_within_one_second()
    {
        using WorkflowProject project = new(Step);

        Parallel.For(0, 4, i => Assert.Equal(0, project.Build($"-p:KinetraWorkflow=w{i}").ExitCode));

        string[] states = [.. project.Folder.Files().Where(file => file.EndsWith(".json", StringComparison.Ordinal))];
        Assert.Equal(4, states.Length);
        Assert.All(states, file => Assert.Equal("completed", RunState.Read(project.Folder[file]).Status));
    }

    [Fact]
    public void A_target_built_directly_is_a_run_too()
    {
        using WorkflowProject project = new(Step + """<Target Name="Bad"><RunStepWithRetry StepName="Bad" Command="exit 1" MaxAttempts="1" /></Target>""");

        Assert.Equal(0, project.Build("-t:Run").ExitCode);
        Assert.Equal("completed", project.State().Status);

        Assert.Equal(1, project.Build("-t:Bad").ExitCode);
        Assert.Equal("failed", project.State().Status);
    }

    [Fact]
    public void The_next_build_says_what_became_of_the_last_run()
    {
        using WorkflowProject project = new(Step);
        Assert.Equal(0, project.Build().ExitCode);
        Assert.DoesNotContain("The last run", project.Build().Output);

        Assert.Equal(1, project.Build("-t:Run;Missing").ExitCode);
        Assert.Equal(1, project.Build("-p:KinetraTargets=Missing").ExitCode);
        string failed = project.State().Root.GetProperty("workflow_id").GetString()!;
        Assert.Contains($"The last run of master ({failed}) failed; this one starts from the beginning. To continue it instead: dotnet build master.proj -p:KinetraResume=true", project.Build().Output);

        // Without its last record it is a run that did not end.
        string journal = Path.ChangeExtension(project.StateFile(), ".journal");
        string[] records = File.ReadAllLines(journal);
        File.WriteAllText(journal, string.Join('\n', records.SkipLast(1)) + "\n");

        Assert.Contains("was killed, and is recorded as interrupted", project.Build().Output);
    }

    [Fact]
    public void The_command_that_continues_has_what_was_typed_and_not_what_dotnet_makes_of_it()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="exit 1" MaxAttempts="1" /></Target>""");
        DotNetResult failed = project.Build("--disable-build-servers", "-p:Given=1");
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:Given=1 --disable-build-servers -p:KinetraResume=true", failed.Output);
    }

    [Fact]
    public void Rebuild_continues_nothing_whatever_the_switch_says()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="echo x >> ran" /><RunStepWithRetry StepName="Two" Command="exit 1" MaxAttempts="1" /></Target>""");
        DotNetResult failed = project.Build();
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:KinetraResume=true", failed.Output);

        DotNetResult rebuilt = project.Build("-t:Rebuild", "-p:KinetraResume=true");
        Assert.Contains("this one starts from the beginning. Rebuild continues none.", rebuilt.Output);
        Assert.Equal("x\nx\n", project.Folder.Read("ran"));

        DotNetResult continued = project.Build("-p:KinetraResume=true");
        Assert.Contains("One: not run again: completed in run", continued.Output);
        Assert.Equal("x\nx\n", project.Folder.Read("ran"));
    }

    [Fact]
    public void A_failure_of_any_other_task_fails_the_run()
    {
        using WorkflowProject project = new(Step + """<Target Name="Other"><Error Text="not ours" Code="XYZ0001" /></Target>""", "Run;Other");

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("failed", project.State().Status);
        Assert.Contains("outside of the steps", project.State().Root.GetProperty("error").GetString());
        Assert.Contains("Performance Insights:", result.Output);
    }

    [Theory]
    [InlineData("WarnAndContinue")]
    [InlineData("ErrorAndContinue")]
    public void ContinueOnError_lets_the_rest_run_but_a_failed_critical_step_fails_the_build(string mode)
    {
        using WorkflowProject project = new($"""
            <Target Name="Run">
              <RunStepWithRetry StepName="Bad" Command="exit 1" MaxAttempts="1" ContinueOnError="{mode}" />
              <RunStepWithRetry StepName="Next" Command="true" />
            </Target>
            """);

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("KIN5002", result.Errors);
        Assert.Equal("failed", project.State().Status);
        Assert.Equal(["Bad: failed", "Next: completed"], project.State().Steps);
    }

    [Fact]
    public void A_nested_build_of_the_same_project_joins_the_run()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Outer" Projects="$(MSBuildProjectFullPath)" Properties="KinetraTargets=Inner" /></Target>
            <Target Name="Inner"><RunStepWithRetry StepName="Inner" Command="true" /></Target>
            """);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["Outer: completed", "Inner: completed"], project.State().Steps);
        Assert.Single(project.Folder.Files(), file => file.EndsWith(".json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_that_takes_part_and_fails_fails_the_run()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraWorkflow>both</KinetraWorkflow></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /><Error Condition="'$(Fail)' == 'true'" Text="no" Code="XYZ0001" /></Target>
            <Target Name="Outer"><MSBuild Projects="master.proj" Properties="Fail=true;KinetraTargets=Run" ContinueOnError="ErrorAndContinue" /></Target>
            """, "Outer");

        Assert.Equal(1, project.Build().ExitCode);
        Assert.Equal("failed", project.State().Status);
    }

    [Fact]
    public void A_target_that_does_not_exist_fails_the_run()
    {
        using WorkflowProject project = new(Step, "Run;Nope");

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["MSB4057"], result.Errors);
        Assert.Equal("failed", project.State().Status);
    }

    [Fact]
    public void A_step_after_Build_is_a_run_of_its_own()
    {
        using WorkflowProject project = new(Step + """<Target Name="Notify" AfterTargets="Build"><RunStepWithRetry StepName="Notify" Command="true" /></Target>""");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["Notify: completed"], project.State().Steps);
        Assert.Equal(2, project.Folder.Files().Count(file => file.EndsWith(".json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-m:2")]
    [InlineData("-mt -m:2")]
    public void Two_projects_of_one_workflow_and_state_directory_each_end_completed(string arguments)
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraWorkflow>both</KinetraWorkflow></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="$(MSBuildProjectName)" Command="sleep $(Seconds)" /></Target>
            """);
        File.Copy(project.Folder["master.proj"], project.Folder["x.proj"]);
        File.Copy(project.Folder["master.proj"], project.Folder["y.proj"]);
        project.Write("all.proj", """
            <Project><Target Name="Build">
              <ItemGroup><P Include="x.proj" AdditionalProperties="Seconds=0.1" /><P Include="y.proj" AdditionalProperties="Seconds=0.8" /></ItemGroup>
              <MSBuild Projects="@(P)" BuildInParallel="true" />
            </Target></Project>
            """);

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "all.proj", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(result.ExitCode == 0, result.ToString());
        RunState[] states = [.. project.Folder.Files().Where(file => file.EndsWith(".json", StringComparison.Ordinal)).Select(file => RunState.Read(project.Folder[file]))];
        Assert.All(states, state => Assert.Equal("completed", state.Status));
        Assert.Equal(["x: completed", "y: completed"], states.SelectMany(state => state.Steps).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_kill_switch_turns_everything_off()
    {
        using WorkflowProject project = new(Step + """<Target Name="File"><AtomicWriteFile File="a" Content="b" /></Target>""");

        Assert.Equal(0, project.Build("-p:KinetraEnabled=false").ExitCode);
        Assert.Equal(0, project.Build("-p:KinetraEnabled=false", "-t:File").ExitCode);

        Assert.Equal(["master.proj"], project.Folder.Files());
    }

    [Fact]
    public void A_design_time_build_runs_no_step()
    {
        using WorkflowProject project = new(Step);

        Assert.Equal(0, project.Build("-p:DesignTimeBuild=true").ExitCode);

        Assert.Equal(["master.proj"], project.Folder.Files());
    }

    [Theory]
    [InlineData("-t:Run")]
    [InlineData("-t:KinetraAcceptFile -p:KinetraFile=master.proj")]
    public void A_design_time_build_of_a_target_runs_no_task(string arguments)
    {
        using WorkflowProject project = new(Step);

        Assert.Equal(0, project.Build(["-p:DesignTimeBuild=true", .. arguments.Split(' ')]).ExitCode);

        Assert.Equal(["master.proj"], project.Folder.Files());
    }

    [Fact]
    public void A_multithreaded_build_runs_the_steps_in_its_own_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no $PPID.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Parent" Command="echo $PPID > parent" /></Target>""");

        using RunningDotNet build = project.Start("-mt");
        DotNetResult result = build.WaitForEnd(TimeSpan.FromMinutes(1));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(build.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), project.Folder.Read("parent").Trim());
    }

    [Fact]
    public void Old_logs_and_states_are_removed_as_KinetraLogKeep_says()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="echo one" /></Target>""");

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(0, project.Build("-p:KinetraLogKeep=2").ExitCode);
        }

        Assert.Equal(2, Directory.GetFiles(project.Folder["logs/workflow"], "workflow_*.log").Length);
        Assert.Equal(2, Directory.GetDirectories(project.Folder["logs/workflow"]).Length);
        Assert.Equal(2, project.Folder.Files().Count(file => file.EndsWith(".json", StringComparison.Ordinal)));
        Assert.Equal(2, project.Folder.Files().Count(file => file.EndsWith(".journal", StringComparison.Ordinal)));
    }

    [Fact]
    public void Debug_lines_are_in_the_log_always_and_on_the_console_if_wanted()
    {
        using WorkflowProject project = new(Step);

        Assert.DoesNotContain("started; a run from the start", project.Build().Output);
        Assert.Contains("DEBUG    | One: started; a run from the start", project.Log());
        Assert.Contains("started; a run from the start", project.Build("-p:KinetraDebug=true").Output);
    }
}
