using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class SignalTests
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    // A child, a grandchild in the background, and one that has moved to a session of its own.
    private const string Tree = """
        <Target Name="Run">
          <RunStepWithRetry StepName="Long" Command="(setsid sleep 300 &amp; echo $! >> pids) ; sleep 300 &amp; echo $! >> pids ; echo $$ >> pids ; touch ready ; wait" MaxAttempts="3" />
        </Target>
        <Target Name="Later"><RunStepWithRetry StepName="Later" Command="touch later" /></Target>
        """;

    public static TheoryData<int, bool, string> Cases => new()
    {
        { Terminate, false, "" },
        { Interrupt, false, "" },
        { Interrupt, true, "" },
        { Hangup, false, "" },
        { Terminate, false, "-mt" },
        { Interrupt, true, "-mt" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_signal_ends_the_tree_and_leaves_an_interrupted_run_with_its_summary(int signal, bool toGroup, string extra)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals on Windows.");
        using WorkflowProject project = new(Tree, "Run;Later");
        using RunningDotNet build = project.Start(extra.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        project.WaitFor("ready");

        if (toGroup)
        {
            build.SignalGroup(signal);
        }
        else
        {
            build.Signal(signal);
        }

        DotNetResult result = build.WaitForEnd(TimeSpan.FromSeconds(30));
        Assert.True(result.ExitCode != 0, result.ToString());
        Assert.Equal(["KIN4006"], result.Errors);
        Assert.Equal("interrupted", project.State().Status);
        Assert.Equal(["Long: interrupted"], project.State().Steps);
        Assert.Contains("Performance Insights:", result.Output);
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:KinetraResume=true", result.Output);
        Assert.False(File.Exists(project.Folder["later"]));
        string[] pids = project.Folder.Read("pids").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, pids.Length);
        Assert.DoesNotContain(pids, Alive.IsRunning);
    }

    [Fact]
    public void A_step_that_ignores_being_told_is_killed_after_the_grace_period()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals on Windows.");
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraGracePeriod>500ms</KinetraGracePeriod></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="Deaf" Command="trap '' TERM ; echo $$ > pids ; touch ready ; while true ; do sleep 1 ; done" /></Target>
            """);
        using RunningDotNet build = project.Start();
        project.WaitFor("ready");

        build.Signal(Terminate);

        DotNetResult result = build.WaitForEnd(TimeSpan.FromSeconds(30));
        Assert.Equal(1, result.ExitCode);
        Assert.False(Alive.IsRunning(project.Folder.Read("pids").Trim()));
    }

    [Fact]
    public void Every_process_of_the_tree_is_told_once_and_has_the_grace_period_to_finish()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals on Windows.");
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Careful" Command="echo begin &amp;&amp; sh careful.sh; echo done" /></Target>
            """);
        project.Write("careful.sh", "trap 'echo told >> told; sleep 0.7; echo x > cleaned; exit 0' TERM\ntouch ready\nwhile true; do sleep 0.1; done\n");
        using RunningDotNet build = project.Start();
        project.WaitFor("ready");

        build.Signal(Terminate);

        Assert.Equal(1, build.WaitForEnd(TimeSpan.FromSeconds(30)).ExitCode);
        Assert.Equal("told\n", project.Folder.Read("told"));
        Assert.True(File.Exists(project.Folder["cleaned"]));
    }

    [Theory]
    [InlineData("""<RunStepWithRetry StepName="First" Command="true" /><Exec Command="touch ready ; sleep 2" />""")]
    [InlineData("""<RunStepWithRetry StepName="First" Command="true" /><Exec Command="touch ready ; sleep 2" /><RunStepWithRetry StepName="Second" Command="touch second" />""")]
    [InlineData("""<RunStepWithRetry StepName="First" Command="touch ready ; sleep 60" />""")]
    public void Where_SIGINT_is_ignored_as_in_a_shells_background_job_SIGTERM_is_no_success_either(string tasks)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals on Windows.");
        using WorkflowProject project = new($"<Target Name=\"Run\">{tasks}</Target>");
        project.Write("background.sh", "dotnet build master.proj > out 2>&1 &\npid=$!\nwhile ! test -e ready; do sleep 0.1; done\nkill -TERM $pid\nwait $pid\necho $? > code\n");

        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", "background.sh") { WorkingDirectory = project.Folder.Root })!;
        Assert.True(shell.WaitForExit(TimeSpan.FromSeconds(60)));

        Assert.True(project.Folder.Read("code").Trim() == "1", project.Folder.Read("out"));
        Assert.Equal("interrupted", project.State().Status);
        Assert.False(File.Exists(project.Folder["second"]));
    }

    [Fact]
    public void A_signal_between_steps_ends_the_build_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals on Windows.");
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="First" Command="true" /><Exec Command="touch ready ; sleep 300" /></Target>
            """);
        using RunningDotNet build = project.Start();
        project.WaitFor("ready");

        build.Signal(Terminate);

        DotNetResult result = build.WaitForEnd(TimeSpan.FromSeconds(60));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("interrupted", project.State().Status);
        Assert.Equal(["First: completed"], project.State().Steps);
        Assert.Contains("Performance Insights:", result.Output);
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:KinetraResume=true", result.Output);
    }

    [Fact]
    public void A_worker_node_whose_main_process_is_killed_ends_its_steps_and_its_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        const string Step = """<Target Name="Run"><RunStepWithRetry StepName="Long" Command="(setsid sleep 300 &amp;) ; touch ready ; sleep 300" /></Target>""";
        string id = Guid.NewGuid().ToString("N");
        using WorkflowProject project = new("");
        project.Write("a/a.proj", WorkflowProject.Xml(Step));
        project.Write("b/b.proj", WorkflowProject.Xml(Step));
        project.Write("all.proj", """<Project><Target Name="Build"><MSBuild Projects="a/a.proj;b/b.proj" BuildInParallel="true" /></Target></Project>""");
        using RunningDotNet build = DotNet.Start(project.Folder.Root, ["build", "all.proj", "-m:2"], new Dictionary<string, string?> { ["KINETRA_TEST_CASE"] = id });
        project.WaitFor("a/ready");
        project.WaitFor("b/ready");
        Assert.Equal(2, CaseProcess.Watchdogs(CaseProcess.WithEnvironment(id)).Count);

        build.Signal(9);

        Assert.Equal(137, build.WaitForEnd(TimeSpan.FromSeconds(30)).ExitCode);
        SpinWait.SpinUntil(() => { Thread.Sleep(50); return CaseProcess.WithEnvironment(id).Count == 0; }, TimeSpan.FromSeconds(15));
        Assert.Empty(CaseProcess.WithEnvironment(id));

        // The one of the killed process could not be written; the next build will do it.
        string[] states = [.. ((string[])["a", "b"]).Select(name => RunState.Read(Directory.GetFiles(project.Folder[$"{name}/.workflow_state"], "????????_??????*.json").Single()).Status)];
        Assert.Equal(["interrupted", "running"], states.Order(StringComparer.Ordinal));
    }
}
