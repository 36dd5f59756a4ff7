using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Tasks.Tests;

/// <summary>What a continued run takes for the same step, where that depends on the build around it.</summary>
[Collection("engine")]
public sealed class ResumeTests
{
    private static readonly (string, string) Resume = ("KinetraResume", "true");

    [Fact]
    public void Projects_are_built_again_with_other_global_properties_and_not_with_the_same()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="Inner" Projects="inner.proj" />
              <RunStepWithRetry StepName="Fails" Command="exit 1" />
            </Target>
            """);
        project.Write("inner.proj", """<Project><Target Name="Build"><WriteLinesToFile File="built.txt" Lines="$(Configuration)" /></Target></Project>""");
        string file = project.Folder["master.proj"];

        Engine.Build(file, "Build", ("Configuration", "Debug"));
        Engine.Build(file, "Build", ("Configuration", "Release"), Resume);
        Engine.Build(file, "Build", ("Configuration", "Release"), ("KinetraMaxAttempts", "2"), Resume);

        Assert.Equal(["Debug", "Release"], project.Folder.Read("built.txt").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_step_of_another_project_is_another_step_though_workflow_name_and_command_are_the_same()
    {
        const string Body = """
            <PropertyGroup><KinetraWorkflow>shared</KinetraWorkflow><KinetraStateDirectory>$(State)</KinetraStateDirectory><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="Make" Command="echo x >> made.txt" />
              <RunStepWithRetry StepName="Fails" Command="exit 1" />
            </Target>
            """;
        using WorkflowProject project = new(Body);
        (string, string) state = ("State", project.Folder["state"]);
        project.Write("sub/master.proj", WorkflowProject.Xml(Body));

        Engine.Build(project.Folder["master.proj"], "Build", state);
        Engine.Build(project.Folder["sub/master.proj"], "Build", state, Resume);

        Assert.True(File.Exists(project.Folder["sub/made.txt"]));
    }

    [Fact]
    public void The_command_that_resumes_shows_no_secret_and_nothing_of_the_solution()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts><KinetraSecretVariables>KINETRA_RESUME_TOKEN</KinetraSecretVariables></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="Fails" Command="exit 1" /></Target>
            """);
        Environment.SetEnvironmentVariable("KINETRA_RESUME_TOKEN", "resume-token-40321");
        try
        {
            EngineResult result = Engine.Build(project.Folder["master.proj"], "Build", ("Given", "resume-token-40321"), ("SolutionDir", "/solution/"), ("CurrentSolutionConfigurationContents", "<xml />"));

            string command = Assert.Single(result.Messages, message => message.Message!.StartsWith("To continue where it stopped: ", StringComparison.Ordinal)).Message!;
            Assert.Contains("-p:Given='***'", command);
            Assert.DoesNotContain("olution", command);
            Assert.Contains(command, project.Log());
            Assert.DoesNotContain("resume-token-40321", project.Log());
        }
        finally
        {
            Environment.SetEnvironmentVariable("KINETRA_RESUME_TOKEN", null);
        }
    }
}
