using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Real builds with the variables by which a CI service is known.</summary>
public sealed class CiTests
{
    private const string Secret = "hunter2-secret";

    private const string Settings = """
        <PropertyGroup><KinetraMaxAttempts>1</KinetraMaxAttempts><KinetraSecretVariables>TOKEN</KinetraSecretVariables></PropertyGroup>
        """;

    private const string Steps = Settings + """
        <ItemGroup>
          <KinetraStep Include="first" Command="echo first; echo 'src/a.c(3,4): warning X12: take, care: 100%25'" />
          <KinetraStep Include="optional" DependsOn="first" Critical="false" Command="exit 4" />
          <KinetraStep Include="bad &lt;b&gt;|" DependsOn="optional" Suggestion="use $(TOKEN)" Command="echo $TOKEN; exit 3" />
          <KinetraStep Include="behind" DependsOn="bad &lt;b&gt;|" Command="echo never" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("", "0")]
    [InlineData("-m:4", "1")]
    [InlineData("-mt", "0")]
    [InlineData("-v:n", "0")]
    public void GitHub_gets_annotations_and_a_summary(string switches, string server)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Steps, targets: "");

        DotNetResult result = Build(project, GitHub(project, server), switches.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, result.ExitCode);
        string[] lines = [.. Lines(result, "::")];
        Assert.Equal(
            [
                "::warning file=src/a.c,line=3,col=4,title=X12::take, care: 100%25",
                "::warning file=master.proj,title=KIN4001::Step \"optional\" failed after 1 of 1 attempts: exit code 4.",
                "::error file=master.proj,title=KIN4001::Step \"bad <b>|\" failed after 1 of 1 attempts: exit code 3. Last output:%0A  | ***%0A",
            ],
            lines.Select(line => Regex.Replace(line, "( |(?<=%0A))Log: .*$", "")));
        Assert.Contains("%0ASuggestion: use ***", lines[2]);
        string summary = project.Folder.Read("summary.md");
        Assert.StartsWith("# before\n\n### ❌ master: failed\n", summary);
        Assert.Contains("| ❌ failed | bad &#60;b&#62;&#124; |", summary);
        Assert.Contains("| ⚠️ failed (not critical) | optional |", summary);
        Assert.Contains("```mermaid\nflowchart LR\n", summary);
        Assert.Equal(3, Regex.Count(summary, @"^  s\d --> s\d$", RegexOptions.Multiline));
        Assert.DoesNotContain(Secret, summary + result.Output);

        // No place in the SDK's own files.
        Assert.DoesNotContain("Standalone.targets(", result.Output);
    }

    [Fact]
    public void In_the_targets_form_the_line_of_the_task_is_named_and_success_is_summed_up_too()
    {
        using WorkflowProject project = new(Settings + """

            <Target Name="Run">
              <RunStepWithRetry StepName="one" Command="echo one" />
              <RunStepWithRetry StepName="two" Command="exit 5" Critical="$(IsCritical)" />
            </Target>
            """);

        DotNetResult failed = Build(project, GitHub(project, "0"), "-p:IsCritical=true");
        DotNetResult passed = Build(project, GitHub(project, "0"), "-p:IsCritical=false");

        int line = Array.FindIndex(File.ReadAllLines(project.Folder["master.proj"]), text => text.Contains("\"two\"", StringComparison.Ordinal)) + 1;
        Assert.StartsWith($"::error file=master.proj,line={line},title=KIN4001::Step \"two\" failed", Lines(failed, "::").Single());
        Assert.StartsWith($"::warning file=master.proj,line={line},title=KIN4001::", Lines(passed, "::").Single());
        string summary = project.Folder.Read("summary.md");
        Assert.Contains("### ✅ master: completed", summary);
        Assert.Contains("\n  s0 --> s1\n", summary);
    }

    [Theory]
    [InlineData("-p:NoWarn=KIN4001", 0, "")]
    [InlineData("-warnaserror", 1, "::error ")]
    [InlineData("-p:WarningsAsErrors=KIN4001", 1, "::error ")]
    [InlineData("-p:KinetraCI=false", 0, "")]
    public void Annotations_are_what_the_build_makes_of_warnings(string argument, int exitCode, string beginning)
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="two" Command="exit 5" MaxAttempts="1" Critical="false" /></Target>""");

        DotNetResult result = Build(project, GitHub(project, "0"), argument);

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal(beginning.Length == 0 ? 0 : 1, Lines(result, "::").Count());
        Assert.All(Lines(result, "::"), line => Assert.StartsWith(beginning, line));
        Assert.Equal(argument.Contains("KinetraCI", StringComparison.Ordinal), project.Folder.Read("summary.md") == "# before\n");
    }

    [Fact]
    public void Errors_before_a_run_begins_are_annotated()
    {
        using WorkflowProject project = new("""<ItemGroup><KinetraStep Include="a" DependsOn="b" Command="true" /></ItemGroup>""", targets: "");

        DotNetResult result = Build(project, GitHub(project, "0"));

        Assert.Equal(["KIN5007"], result.Errors);
        Assert.StartsWith("::error file=master.proj,title=KIN5007::", Lines(result, "::").Single());
        Assert.Equal("# before\n", project.Folder.Read("summary.md"));
    }

    [Fact]
    public void The_switch_is_checked()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo one" /></Target>""");

        DotNetResult result = Build(project, GitHub(project, "0"), "-p:KinetraCI=perhaps");

        Assert.Equal(["KIN0001"], result.Errors);
        Assert.StartsWith("::error file=master.proj,title=KIN0001::", Lines(result, "::").Single());
    }

    [Fact]
    public void Azure_gets_issues_and_a_summary()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Steps, targets: "");

        DotNetResult result = Build(project, new() { ["TF_BUILD"] = "True", ["TOKEN"] = Secret });

        string[] lines = [.. Lines(result, "##vso")];
        Assert.Equal(4, lines.Length);
        Assert.Equal($"##vso[task.logissue type=warning;sourcepath={project.Folder["src/a.c"]};linenumber=3;columnnumber=4;code=X12]take, care: 100%AZP25", lines[0]);
        Assert.StartsWith($"##vso[task.logissue type=error;sourcepath={project.Folder["master.proj"]};code=KIN4001]Step \"bad <b>|\" failed", lines[2]);
        string page = Regex.Match(lines[3], @"^##vso\[task\.uploadsummary\](.*)$").Groups[1].Value;
        Assert.Equal(project.Folder[$"logs/workflow/{project.State().Root.GetProperty("workflow_id").GetString()}/summary.md"], page);
        Assert.Contains("### ❌ master: failed", File.ReadAllText(page));
        Assert.DoesNotContain(Secret, File.ReadAllText(page) + result.Output);
    }

    [Fact]
    public void TeamCity_gets_problems_and_the_tests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Steps, targets: "");

        DotNetResult result = Build(project, new() { ["TEAMCITY_VERSION"] = "2026.1", ["TOKEN"] = Secret }, "-p:KinetraJUnit=junit.xml");

        string[] lines = [.. Lines(result, "##teamcity")];
        Assert.Equal(["message", "message", "buildProblem", "importData"], lines.Select(line => Regex.Match(line, @"^##teamcity\[(\w+) ").Groups[1].Value));
        Assert.Contains("bad <b>||\" failed", lines[2]);
        Assert.Equal($"##teamcity[importData type='junit' path='{project.Folder["junit.xml"]}']", lines[3]);
        Assert.DoesNotContain(Secret, result.Output);
    }

    [Fact]
    public void A_summary_that_cannot_be_written_is_a_warning()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo one" /></Target>""");

        DotNetResult result = Build(project, new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_STEP_SUMMARY"] = project.Folder["none/summary.md"] });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN9008"], result.Warnings);
    }

    [Fact]
    public void Projects_on_other_nodes_reach_the_output_too()
    {
        using WorkflowProject project = new("""
            <Target Name="Run">
              <ItemGroup><Part Include="a.proj;b.proj;c.proj" /></ItemGroup>
              <MSBuild Projects="@(Part)" BuildInParallel="true" />
            </Target>
            """);
        foreach (string name in new[] { "a", "b", "c" })
        {
            project.Write($"{name}.proj", WorkflowProject.Xml($"""<Target Name="Run"><RunStepWithRetry StepName="{name}" Command="sleep 0.5; exit 3" MaxAttempts="1" Critical="false" /></Target>"""));
        }

        DotNetResult result = Build(project, GitHub(project, "0"), "-m:3");

        Assert.Equal(["a", "b", "c"], Lines(result, "::warning").Select(line => Regex.Match(line, "Step \"(.)\"").Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b", "c", "master"], Regex.Matches(project.Folder.Read("summary.md"), "^### ✅ (.*): completed$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string?> GitHub(WorkflowProject project, string server)
    {
        if (!File.Exists(project.Folder["summary.md"]))
        {
            project.Write("summary.md", "# before\n");
        }

        return new()
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_WORKSPACE"] = project.Folder.Root,
            ["GITHUB_STEP_SUMMARY"] = project.Folder["summary.md"],
            ["TOKEN"] = Secret,
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = server,
        };
    }

    // What the services know by themselves is taken away first: the tests may run in one.
    private static DotNetResult Build(WorkflowProject project, Dictionary<string, string?> environment, params string[] arguments)
    {
        foreach (string name in new[] { "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "TF_BUILD", "TEAMCITY_VERSION" })
        {
            environment.TryAdd(name, null);
        }

        return DotNet.Run(project.Folder.Root, ["build", "master.proj", .. arguments], environment);
    }

    // Blanks before a command are allowed by every service; anything else is not.
    private static IEnumerable<string> Lines(DotNetResult result, string beginning) =>
        result.Output.Split('\n').Select(line => line.TrimStart()).Where(line => line.StartsWith(beginning, StringComparison.Ordinal));
}
