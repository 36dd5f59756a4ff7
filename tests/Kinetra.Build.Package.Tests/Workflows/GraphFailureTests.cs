using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>What becomes of a graph of steps when one of them fails, or the build is told to stop.</summary>
public sealed class GraphFailureTests
{
    private const int Interrupt = 2;

    // "bad" fails while "beside" runs. What runs last shows that it does.
    private static string Body(string beside) => $"""
        <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel><KinetraMaxAttempts>1</KinetraMaxAttempts><KinetraGracePeriod>1s</KinetraGracePeriod></PropertyGroup>
        <ItemGroup>
          <KinetraStep Include="bad" Priority="2" Timeout="30s" Command="while ! test -e beside.here ; do sleep 0.02 ; done ; exit 3" />
          <KinetraStep Include="beside" Priority="1" Command="touch beside.here ; {beside}" />
          <KinetraStep Include="behind" DependsOn="bad" Command="touch behind.ran" />
          <KinetraStep Include="free" Command="touch free.ran" />
          <KinetraStep Include="clean" Always="true" DependsOn="bad" Command="touch clean.ran" />
          <KinetraStep Include="publish" Always="true" DependsOn="bad!" Command="touch publish.ran" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("", "sleep 0.3", "bad: failed,behind: skipped,beside: completed,clean: completed,free: skipped,publish: skipped")]
    [InlineData("-p:KinetraOnFailure=Cancel", "sleep 60", "bad: failed,behind: skipped,beside: interrupted,clean: completed,free: skipped,publish: skipped")]
    [InlineData("-p:KinetraKeepGoing=true", "sleep 0.3", "bad: failed,behind: skipped,beside: completed,clean: completed,free: completed,publish: skipped")]
    public void A_critical_failure_drains_cancels_or_keeps_going(string mode, string beside, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Body(beside), targets: "");

        DotNetResult result = project.Build(mode.Length == 0 ? [] : [mode]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN4001"], result.Errors);
        Assert.Equal("failed", project.State().Status);
        Assert.Equal(expected.Split(','), project.State().Steps.Order(StringComparer.Ordinal));
        Assert.Contains("Step \"bad\" failed after 1 of 1 attempts: exit code 3", result.Output);
        Assert.Contains("\"bad\", which it depends on, did not succeed", project.State().Step("publish").GetProperty("reason").GetString());
        Assert.Equal("clean.ran", string.Join(' ', project.Folder.Files().Where(file => file.EndsWith(".ran", StringComparison.Ordinal) && file != "free.ran")));
        Assert.Equal(mode.Contains("KeepGoing", StringComparison.Ordinal), File.Exists(project.Folder["free.ran"]));
        Assert.Contains("To continue where it stopped: dotnet build master.proj", result.Output);
        Assert.Equal(mode.Contains("Cancel", StringComparison.Ordinal) ? ["KIN4006"] : [], result.Warnings);
    }

    [Fact]
    public void What_is_not_critical_stops_only_what_demands_its_success()
    {
        using WorkflowProject project = new("""
            <ItemGroup>
              <KinetraStep Include="may fail" Critical="false" MaxAttempts="2" RetryDelay="10ms" Command="exit 4" />
              <KinetraStep Include="anyway" DependsOn="may fail" Command="echo anyway" />
              <KinetraStep Include="only if" DependsOn="may fail!" Command="echo never" />
              <KinetraStep Include="behind" DependsOn="only if" Command="echo never" />
              <KinetraStep Include="retried" MaxAttempts="3" RetryDelay="10ms" Command="echo x &gt;&gt; tries ; test $KINETRA_ATTEMPT = 2" />
            </ItemGroup>
            """, targets: "");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN4001"], result.Warnings);
        Assert.Equal("completed", project.State().Status);
        Assert.Equal(["anyway: completed", "behind: skipped", "may fail: failed", "only if: skipped", "retried: completed"], project.State().Steps.Order(StringComparer.Ordinal));
        Assert.Equal(1, project.State().Step("retried").GetProperty("retry_count").GetInt32());
        Assert.Matches(@"\[\d/5\] ✓ retried .*\(attempt 2\)", result.Output);
        Assert.Matches(@"\[\d/5\] – behind skipped: ""may fail""", result.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-mt")]
    public void A_signal_ends_what_runs_skips_the_rest_and_lets_run_what_always_does(string launch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
            <ItemGroup>
              <KinetraStep Include="quick" Priority="1" Command="echo x &gt;&gt; quick" Inputs="master.proj" Outputs="quick" />
              <KinetraStep Include="long;longer" Command="echo $$ &gt;&gt; pids ; touch $KINETRA_STEP.here ; if test -e again ; then exit 0 ; fi ; exec sleep 300" />
              <KinetraStep Include="new" DependsOn="long" Command="echo x &gt;&gt; new" />
              <KinetraStep Include="clean" Always="true" Command="sleep 0.2 ; echo x &gt;&gt; clean" />
            </ItemGroup>
            """, targets: "");
        using RunningDotNet build = project.Start(launch.Length == 0 ? [] : [launch]);
        project.WaitFor("long.here");
        project.WaitFor("longer.here");

        build.Signal(Interrupt);

        DotNetResult result = build.WaitForEnd(TimeSpan.FromSeconds(40));
        Assert.True(result.ExitCode != 0, result.ToString());
        Assert.Equal("interrupted", project.State().Status);
        Assert.Equal(["clean: completed", "long: interrupted", "longer: interrupted", "new: skipped", "quick: completed"], project.State().Steps.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(project.Folder.Read("pids").Split('\n', StringSplitOptions.RemoveEmptyEntries), Alive.IsRunning);
        Assert.False(File.Exists(project.Folder["new"]));

        project.Write("again", "");
        DotNetResult resumed = project.Build("-p:KinetraResume=true");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["x\n", "x\n"], [project.Folder.Read("quick"), project.Folder.Read("new")]);
    }
}
