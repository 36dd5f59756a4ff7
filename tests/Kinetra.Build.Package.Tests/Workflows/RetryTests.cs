using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class RetryTests
{
    // Fails until the third call.
    private const string Flaky = "echo x | tee -a calls; test `wc -l &lt; calls` -ge 3";

    [Fact]
    public void A_step_that_fails_twice_and_then_succeeds_makes_three_attempts_with_growing_pauses()
    {
        using WorkflowProject project = new($"""
            <Target Name="Run"><RunStepWithRetry StepName="Flaky" Command="{Flaky}" RetryDelay="200ms" /></Target>
            """);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("completed", project.State().Status);
        Assert.Equal(["Flaky: completed"], project.State().Steps);
        Assert.Equal(2, project.State().Step("Flaky").GetProperty("retry_count").GetInt32());
        double[] pauses = [.. Regex.Matches(result.Output, @"next attempt in (\d+) ms").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(2, pauses.Length);
        Assert.InRange(pauses[0], 150, 200);
        Assert.InRange(pauses[1], 300, 400);
        Assert.Equal(["Flaky.1.log", "Flaky.2.log", "Flaky.3.log"], project.Folder.Files().Where(file => file.EndsWith(".log", StringComparison.Ordinal) && file.Contains("Flaky", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    [Fact]
    public void A_critical_step_that_never_succeeds_fails_the_build_and_stops_the_workflow()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Doomed" Command="echo no luck; exit 9" Suggestion="ask somebody" /></Target>
            <Target Name="Later"><RunStepWithRetry StepName="Later" Command="true" /></Target>
            """, "Run;Later");

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN4001"], result.Errors);
        Assert.Equal("failed", project.State().Status);
        Assert.Equal(["Doomed: failed"], project.State().Steps);
        Assert.Contains("3 of 3", result.Output);
        Assert.Contains("exit code 9", result.Output);
        Assert.Contains("no luck", result.Output);
        Assert.Contains("ask somebody", result.Output);
        string log = project.State().Step("Doomed").GetProperty("log_file").GetString()!;
        Assert.Contains(log, result.Output);
        Assert.Equal("no luck\n", project.Folder.Read(log));
        Assert.Contains("Performance Insights:", result.Output);
    }

    [Fact]
    public void A_step_that_is_not_critical_warns_and_the_rest_runs()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Optional" Command="exit 9" Critical="false" MaxAttempts="2" /></Target>
            <Target Name="Later" DependsOnTargets="Run"><RunStepWithRetry StepName="Later" Command="true" /></Target>
            """, "Later");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN4001"], result.Warnings);
        Assert.Empty(result.Errors);
        Assert.Equal("completed", project.State().Status);
        Assert.Equal(["Optional: failed", "Later: completed"], project.State().Steps);
    }

    [Theory]
    [InlineData("exit 3", "NoRetryExitCodes=\"1-5\"", 1)]
    [InlineData("exit 3", "RetryExitCodes=\"75\"", 1)]
    [InlineData("exit 75", "RetryExitCodes=\"75\"", 3)]
    [InlineData("no-such-command-here", "", 1)]
    public void Exit_codes_decide_whether_a_failure_is_tried_again(string command, string parameters, int attempts)
    {
        using WorkflowProject project = new($"""
            <Target Name="Run"><RunStepWithRetry StepName="S" Command="{command}" {parameters} /></Target>
            """);

        Assert.Equal(1, project.Build().ExitCode);
        Assert.Equal(attempts - 1, project.State().Step("S").GetProperty("retry_count").GetInt32());
    }

    [Fact]
    public void A_time_out_ends_the_whole_tree_and_is_tried_again()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Slow" Command="(setsid sleep 300 &amp; echo $! >> pids) ; sleep 300 &amp; echo $! >> pids ; wait" Timeout="500ms" MaxAttempts="2" /></Target>
            """);

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN4005"], result.Errors);
        Assert.Equal(1, project.State().Step("Slow").GetProperty("retry_count").GetInt32());
        string[] pids = project.Folder.Read("pids").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, pids.Length);
        Assert.DoesNotContain(pids, Alive.IsRunning);
    }

    [Fact]
    public void A_step_that_leaves_a_process_behind_ends_two_seconds_later_at_most()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Daemon" Command="sleep 60 &amp; echo $! > pid; echo started" /></Target>
            """);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(project.State().Step("Daemon").GetProperty("duration").GetDouble(), 1.5, 8);
        string pid = project.Folder.Read("pid").Trim();
        Assert.True(Alive.IsRunning(pid), "a process that a successful step left behind is the user's");
        System.Diagnostics.Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture)).Kill();
    }

    [Fact]
    public void A_time_out_is_tried_again_whatever_the_program_says_when_it_is_told_to_stop()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Slow" Command="trap 'exit 7' TERM; sleep 30 &amp; wait" Timeout="300ms" NoRetryExitCodes="7" MaxAttempts="2" /></Target>
            """);

        Assert.Equal(["KIN4005"], project.Build().Errors);
        Assert.Equal(1, project.State().Step("Slow").GetProperty("retry_count").GetInt32());
    }

    [Fact]
    public void Two_steps_that_build_the_same_project_both_build_it()
    {
        using WorkflowProject project = new("""
            <Target Name="Run">
              <RunStepWithRetry StepName="Lib" Projects="lib.proj" />
              <RunStepWithRetry StepName="Lib" Projects="lib.proj" />
            </Target>
            """);
        project.Write("lib.proj", """<Project><Target Name="T"><Exec Command="echo built >> built" /></Target></Project>""");

        Assert.Equal(0, project.Build().ExitCode);

        Assert.Equal("built\nbuilt\n", project.Folder.Read("built"));
    }

    [Fact]
    public void Outputs_of_the_task_say_what_happened()
    {
        using WorkflowProject project = new($"""
            <Target Name="Run">
              <RunStepWithRetry StepName="Flaky" Command="{Flaky}">
                <Output TaskParameter="ExitCode" PropertyName="O1" /><Output TaskParameter="Attempts" PropertyName="O2" />
                <Output TaskParameter="Status" PropertyName="O3" /><Output TaskParameter="LogFile" PropertyName="O4" /><Output TaskParameter="Duration" PropertyName="O5" />
              </RunStepWithRetry>
              <Message Importance="high" Text="[$(O1)|$(O2)|$(O3)|$(O4)|$(O5)]" />
            </Target>
            """);

        DotNetResult result = project.Build();

        Assert.Matches(@"\[0\|3\|completed\|logs/workflow/\d{8}_\d{6}/Flaky\.3\.log\|\d+\.\d{3}s\]", result.Output);
    }

    [Fact]
    public void A_build_of_a_project_as_a_step_really_builds_again()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Nested" Projects="inner.proj" Targets="T" Properties="Greeting=no;greeting=hello" /></Target>
            """);
        project.Write("inner.proj", $"""<Project><Target Name="T"><Exec Command="echo $(Greeting) >> said; {Flaky}" /></Target></Project>""");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(2, project.State().Step("Nested").GetProperty("retry_count").GetInt32());
        Assert.Equal("hello\nhello\nhello\n", project.Folder.Read("said"));
    }
}
