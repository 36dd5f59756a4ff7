using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class StepEnvironmentTests
{
    [Fact]
    public void A_step_knows_its_run_and_gets_its_variables()
    {
        using WorkflowProject project = new("""
            <Target Name="Run">
              <RunStepWithRetry StepName="Env" Command="env > seen" Environment="COLOUR=green;EMPTY=" EnvironmentFile=".env" />
            </Target>
            """);
        project.Write(".env", "TOKEN='s3cret value'\nCOLOUR=red\n");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        string[] seen = project.Folder.Read("seen").Split('\n');
        string id = project.State().Root.GetProperty("workflow_id").GetString()!;
        Assert.Contains("KINETRA_WORKFLOW=master", seen);
        Assert.Contains("KINETRA_WORKFLOW_ID=" + id, seen);
        Assert.Contains("KINETRA_STEP=Env", seen);
        Assert.Contains("KINETRA_ATTEMPT=1", seen);
        Assert.Contains("KINETRA_STATE_DIR=" + project.Folder[".workflow_state"], seen);
        Assert.Contains("COLOUR=green", seen);
        Assert.Contains("EMPTY=", seen);
        Assert.Contains("TOKEN=s3cret value", seen);
        Assert.Contains(seen, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^TRACEPARENT=00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
    }

    [Fact]
    public void Arguments_reach_the_program_verbatim_without_a_shell()
    {
        using WorkflowProject project = new("""
            <ItemGroup><Arg Include="printf" /><Arg Include="%25s%5Cn" /><Arg Include="a b" /><Arg Include="$HOME" /><Arg Include="'q&quot;" /><Arg Include="x%3By" /><Arg Include="%2A" /></ItemGroup>
            <Target Name="Run"><RunStepWithRetry StepName="Args" Arguments="@(Arg)" /></Target>
            """);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("a b\n$HOME\n'q\"\nx;y\n*\n", project.Folder.Read(project.State().Step("Args").GetProperty("log_file").GetString()!));
    }

    [Fact]
    public void Stdin_is_at_its_end_and_the_working_directory_is_as_given()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="Cat" Command="cat ; pwd > where" WorkingDirectory="sub" Timeout="20s" MaxAttempts="1" /></Target>
            """);
        Directory.CreateDirectory(project.Folder["sub"]);

        Assert.Equal(0, project.Build().ExitCode);

        Assert.Equal(project.Folder["sub"], project.Folder.Read("sub/where").Trim());
    }

    [Fact]
    public void Secrets_are_in_no_file_that_the_run_leaves_and_not_in_the_binlog()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraSecretVariables>FROM_ENVIRONMENT</KinetraSecretVariables><KinetraEnvironmentFile>.env</KinetraEnvironmentFile></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="Leaky" Command="echo $TOKEN; printf 'a%25s' $FROM_ENVIRONMENT; echo; echo error: $TOKEN >&amp;2; exit 1" MaxAttempts="2" />
            </Target>
            """);
        project.Write(".env", "TOKEN=hunter2-very-secret\n");

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-bl", "-v:n"], new Dictionary<string, string?> { ["FROM_ENVIRONMENT"] = "correct-horse-battery" });

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("***", result.Output);
        foreach (string secret in new[] { "hunter2-very-secret", "correct-horse-battery" })
        {
            Assert.DoesNotContain(secret, result.Output);
            Assert.All(project.Folder.Files().Where(file => file != ".env" && file != "msbuild.binlog"), file => Assert.DoesNotContain(secret, project.Folder.Read(file)));
            Assert.DoesNotContain(secret, Binlog.Text(project.Folder["msbuild.binlog"]));
        }
    }

    [Fact]
    public void An_environment_file_changed_by_somebody_else_stops_the_step()
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="S" Command="touch ran" EnvironmentFile=".env" /></Target>
            """);
        project.Write(".env", "A=1\n");
        Assert.Equal(0, project.Build().ExitCode);
        File.Delete(project.Folder["ran"]);

        project.Write(".env", "A=2\n");
        DotNetResult result = project.Build();

        Assert.Equal(["KIN2002"], result.Errors);
        Assert.False(File.Exists(project.Folder["ran"]));
        Assert.Equal("failed", project.State().Status);

        Assert.Equal(0, project.Build("-t:KinetraAcceptFile", "-p:KinetraFile=.env").ExitCode);
        Assert.Equal(0, project.Build().ExitCode);
    }
}
