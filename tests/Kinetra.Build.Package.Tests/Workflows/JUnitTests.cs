using System.Xml.Linq;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Real builds with <c>KinetraJUnit</c>.</summary>
public sealed class JUnitTests
{
    private const string Steps = """
        <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts><KinetraSecretVariables>TOKEN</KinetraSecretVariables></PropertyGroup>
        <ItemGroup>
          <KinetraStep Include="good" Command="echo good" />
          <KinetraStep Include="optional" Critical="false" Command="exit 4" />
          <KinetraStep Include="bad" DependsOn="good;optional" Suggestion="not%01 $(TOKEN)" Command="printf 'a\033[1mb %s' $TOKEN ; exit 3" />
          <KinetraStep Include="behind" DependsOn="bad" Command="echo never" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("")]
    [InlineData("-mt")]
    public void A_failed_run_of_the_steps_form_is_reported_and_nothing_secret_with_it(string launch)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Steps, targets: "");

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-p:KinetraJUnit=out/junit.xml", .. launch.Split(' ', StringSplitOptions.RemoveEmptyEntries)], new Dictionary<string, string?> { ["TOKEN"] = "hunter2-secret" });

        Assert.Equal(["KIN4001"], result.Errors);
        XElement suite = XDocument.Load(project.Folder["out/junit.xml"]).Root!.Element("testsuite")!;
        Assert.Equal(["bad: failure", "behind: skipped", "good: ", "optional: failure"], Cases(suite).Order(StringComparer.Ordinal));
        Assert.Equal("4 2 0 1", string.Join(' ', new[] { "tests", "failures", "errors", "skipped" }.Select(name => suite.Attribute(name)!.Value)));
        string bad = suite.Elements("testcase").Single(test => test.Attribute("name")!.Value == "bad").Value;
        Assert.Contains("| ab ***", bad);
        Assert.Contains("Suggestion: not\ufffd ***", bad);
        Assert.DoesNotContain("hunter2", project.Folder.Read("out/junit.xml"));
    }

    [Fact]
    public void Targets_form_continued_run_and_single_target_are_reported()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts><KinetraJUnit>junit.xml</KinetraJUnit></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="first" Command="echo first" />
              <RunStepWithRetry StepName="twice" Command="true" />
              <RunStepWithRetry StepName="twice" Command="test -e mended" />
            </Target>
            <Target Name="Alone"><RunStepWithRetry StepName="alone" Command="true" /></Target>
            """);

        Assert.Equal(1, project.Build().ExitCode);
        Assert.Equal(["first: ", "twice: ", "twice #2: failure"], Cases(Suite(project)));

        project.Write("mended", "");
        Assert.Equal(0, project.Build("-p:KinetraResume=true").ExitCode);
        Assert.Equal(["first: ", "twice: ", "twice #2: "], Cases(Suite(project)));
        Assert.Equal("0.000", Suite(project).Elements("testcase").First().Attribute("time")!.Value);
        Assert.Contains("first: completed, not run: completed in run", Suite(project).Element("system-out")!.Value);

        // Its run ends with the build rather than with a target of ours.
        Assert.Equal(0, project.Build("-t:Alone").ExitCode);
        Assert.Equal(["alone: "], Cases(Suite(project)));
    }

    [Fact]
    public void What_fails_outside_of_the_steps_is_reported()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="fine" Command="echo fine" /><Error Text="no luck" /></Target>""");

        Assert.Equal(1, project.Build("-p:KinetraJUnit=junit.xml").ExitCode);

        Assert.Equal(["fine: ", "(workflow master): error"], Cases(Suite(project)));
    }

    [Theory]
    [InlineData("Run")]
    [InlineData("Alone")]
    public void A_file_that_cannot_be_written_is_a_warning(string target)
    {
        using WorkflowProject project = new("""
            <Target Name="Run"><RunStepWithRetry StepName="fine" Command="echo fine" /></Target>
            <Target Name="Alone" DependsOnTargets="Run" />
            """);
        Directory.CreateDirectory(project.Folder["taken"]);

        DotNetResult result = project.Build("-p:KinetraJUnit=taken", target == "Run" ? "-t:Build" : "-t:Alone");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN9007"], result.Warnings);
        Assert.Equal("completed", project.State().Status);
    }

    private static XElement Suite(WorkflowProject project) => XDocument.Load(project.Folder["junit.xml"]).Root!.Element("testsuite")!;

    private static IEnumerable<string> Cases(XElement suite) =>
        suite.Elements("testcase").Select(test => $"{test.Attribute("name")!.Value}: {string.Join(' ', test.Elements().Select(element => element.Name.LocalName))}");
}
