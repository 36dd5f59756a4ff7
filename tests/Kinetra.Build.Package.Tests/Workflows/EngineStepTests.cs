using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Steps of the steps form that the engine of the build runs, in real builds.</summary>
public sealed class EngineStepTests
{
    private const int Interrupt = 2;

    public static TheoryData<string> Launches => ["-m:1", "-m:2", "-mt", "server"];

    // The target waits until the test has seen the line of the command, which only comes if it is shown while the target is built.
    [Theory]
    [MemberData(nameof(Launches))]
    public void What_ends_beside_a_step_in_the_engine_is_shown_while_that_goes_on(string launch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        string id = Guid.NewGuid().ToString("N");
        bool hasServer = launch == "server";
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
            <Target Name="Long"><Exec Command="sh long.sh" /></Target>
            <ItemGroup>
              <KinetraStep Include="long" Targets="Long" MaxAttempts="1" />
              <KinetraStep Include="quick" Command="while ! test -e begun ; do sleep 0.02 ; done" Timeout="30s" />
              <KinetraStep Include="loose" DependsOn="quick" Command="echo why ; exit 3" Critical="false" MaxAttempts="1" />
            </ItemGroup>
            """, targets: "");
        project.Write("long.sh", "touch begun\ni=0\nwhile ! test -e seen && test $i -lt 200 ; do sleep 0.1 ; i=$((i+1)) ; done\ntest -e seen\n");
        project.Write("watch.sh", "dotnet build master.proj \"$@\" > out 2>&1 &\npid=$!\ni=0\nwhile test $i -lt 600 ; do if grep -q '✓ quick' out && grep -q 'warning KIN4001' out ; then touch seen ; break ; fi ; sleep 0.05 ; i=$((i+1)) ; done\nwait $pid\necho $? > code\n");
        System.Diagnostics.ProcessStartInfo start = new("sh", ["watch.sh", .. hasServer ? (string[])[] : [launch]]) { WorkingDirectory = project.Folder.Root };
        start.Environment["KINETRA_TEST_CASE"] = id;
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = hasServer ? "1" : "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = hasServer ? "" : "1";
        start.Environment["MSBUILDNODEHANDSHAKESALT"] = id;
        try
        {
            using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(start)!;
            Assert.True(shell.WaitForExit(TimeSpan.FromSeconds(90)));

            Assert.True(project.Folder.Read("code").Trim() == "0", project.Folder.Read("out"));
            Assert.Equal(hasServer, CaseProcess.WithEnvironment(id).Any(process => process.IsServer));
            Assert.True(File.Exists(project.Folder["seen"]));
            Assert.Equal("completed", project.State().Status);
        }
        finally
        {
            foreach (CaseProcess left in CaseProcess.WithEnvironment(id))
            {
                left.Kill();
            }
        }
    }

    [Fact]
    public void While_a_step_in_the_engine_waits_for_its_next_attempt_another_one_runs()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxParallel>1</KinetraMaxParallel></PropertyGroup>
            <Target Name="Fails" DependsOnTargets="Count"><Error Condition="!Exists('other')" Text="not yet" /></Target>
            <Target Name="Count"><WriteLinesToFile File="tries" Lines="x" /></Target>
            <Target Name="Other"><WriteLinesToFile File="other" Lines="x" /></Target>
            <ItemGroup>
              <KinetraStep Include="fails" Priority="1" Targets="Fails" MaxAttempts="2" RetryDelay="2s" />
              <KinetraStep Include="other" Targets="Other" />
            </ItemGroup>
            """, targets: "");

        DotNetResult result = project.Build();

        Assert.Equal("completed", project.State().Status);
        Assert.Equal(["fails: completed", "other: completed"], project.State().Steps.Order(StringComparer.Ordinal));
        Assert.Equal(1, project.State().Step("fails").GetProperty("retry_count").GetInt32());
        Assert.Equal(2, project.Folder.Read("tries").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(result.Output.IndexOf("✓ other", StringComparison.Ordinal) is > 0 and int other && other < result.Output.IndexOf("✓ fails", StringComparison.Ordinal), result.ToString());
    }

    [Theory]
    [InlineData("Targets=\"Pubish\"", "KIN4011", "it has no such target, or it cannot be read; the error of the engine says which. Did you mean the target \"Publish\"?")]
    [InlineData("Projects=\"othr.proj\"", "KIN4011", "The project othr.proj, which it builds, does not exist. Did you mean \"other.proj\"?")]
    [InlineData("Projects=\"broken.proj\" Targets=\"A\"", "KIN4011", "The engine did not begin to build broken.proj")]
    [InlineData("Targets=\"Fails\"", "KIN4001", "failed after 2 of 2 attempts")]
    public void What_the_engine_cannot_begin_is_not_tried_again(string what, string code, string message)
    {
        using WorkflowProject project = new($"""
            <Target Name="Publish" />
            <Target Name="Fails"><Error Code="text" Text="bad" /></Target>
            <ItemGroup><KinetraStep Include="step" {what} MaxAttempts="2" RetryDelay="10ms" /></ItemGroup>
            """, targets: "");
        project.Write("other.proj", "<Project />");
        project.Write("broken.proj", "<Project>");

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([code], result.Errors.Where(error => error.StartsWith("KIN", StringComparison.Ordinal)));
        Assert.Contains(message, result.Output);
        Assert.Equal(["step: failed"], project.State().Steps);
        Assert.Equal(code == "KIN4001" ? 1 : 0, project.State().Step("step").GetProperty("retry_count").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-mt")]
    public void After_Ctrl_C_a_step_in_the_engine_that_always_runs_is_skipped_and_says_why(string launch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new("""
            <Target Name="Clean up"><Touch Files="tidied" AlwaysCreate="true" /></Target>
            <ItemGroup>
              <KinetraStep Include="long" Command="touch here ; exec sleep 300" />
              <KinetraStep Include="tidy" Always="true" Targets="Clean up" />
              <KinetraStep Include="after" Always="true" DependsOn="tidy" Command="touch after" />
              <KinetraStep Include="only if" Always="true" DependsOn="tidy!" Command="touch never" />
            </ItemGroup>
            """, targets: "");
        using RunningDotNet build = project.Start(launch.Length == 0 ? [] : [launch]);
        project.WaitFor("here");

        build.Signal(Interrupt);

        DotNetResult result = build.WaitForEnd(TimeSpan.FromSeconds(40));
        Assert.True(result.ExitCode != 0, result.ToString());
        Assert.Equal(["KIN4006"], result.Errors);
        Assert.Equal("interrupted", project.State().Status);
        Assert.Equal(["after: completed", "long: interrupted", "only if: skipped", "tidy: skipped"], project.State().Steps.Order(StringComparer.Ordinal));
        const string Reason = "the build was told to stop, and then the engine builds no targets and projects any more";
        Assert.Equal(Reason, project.State().Step("tidy").GetProperty("reason").GetString());
        Assert.Contains("– tidy skipped: " + Reason, result.Output);
        Assert.False(File.Exists(project.Folder["tidied"]));
        Assert.False(File.Exists(project.Folder["never"]));
    }

    [Fact]
    public void A_step_in_the_engine_that_Ctrl_C_hits_is_interrupted_even_if_it_always_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new("""
            <Target Name="Tidy"><Exec Command="touch here ; exec sleep 300" /></Target>
            <ItemGroup><KinetraStep Include="tidy" Always="true" Targets="Tidy" /></ItemGroup>
            """, targets: "");
        using RunningDotNet build = project.Start();
        project.WaitFor("here");

        build.Signal(Interrupt);

        Assert.True(build.WaitForEnd(TimeSpan.FromSeconds(40)).ExitCode != 0);
        Assert.Equal("interrupted", project.State().Status);
        Assert.Equal(["tidy: interrupted"], project.State().Steps);
    }
}
