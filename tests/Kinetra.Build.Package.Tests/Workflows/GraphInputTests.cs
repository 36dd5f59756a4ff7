using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>A graph in which something is wrong is one coded error that names it, before anything has begun.</summary>
public sealed class GraphInputTests
{
    private const string Fine = """<KinetraStep Include="fine" Command="touch ran" />""";

    // The code, what the message says, the items, and what else stands in the project.
    private static readonly (string Code, string Says, string Items, string Else)[] Cases =
    [
        ("KIN5007", "Step \"b\" depends on \"downlaod\", which is no step. Did you mean \"download\"?", Step("download") + Step("b", "DependsOn=\"downlaod\""), ""),
        ("KIN5007", "pool \"gpus\"", Step("a", "Pool=\"gpus\"") + "<KinetraPool Include=\"gpu\" />", ""),
        ("KIN5008", "a → b → c → a", Step("a", "DependsOn=\"b\"") + Step("b", "DependsOn=\"c!\"") + Step("c", "DependsOn=\"a\""), ""),
        ("KIN5008", "a → a", Step("a", "DependsOn=\"a\""), ""),
        ("KIN5006", "\"twice\"", Step("twice") + Fine + Step("twice"), ""),
        ("KIN5009", "out.txt", Step("a", "Outputs=\"out.txt\"") + Step("b", "Outputs=\"./out.txt\""), ""),
        ("KIN5011", "\"many\" is not a whole number", Step("a") + "<KinetraPool Include=\"gpu\" Limit=\"many\" />", ""),
        ("KIN5011", "\"0\" is not a whole number", Step("a") + "<KinetraPool Include=\"gpu\" Limit=\"0\" />", ""),
        ("KIN5011", "two pools \"gpu\", with the limits 2 and 1. Keep one", Step("a", "Pool=\"gpu\"") + "<KinetraPool Include=\"gpu\" Limit=\"2\" /><KinetraPool Include=\"gpu\" />", ""),
        ("KIN5011", "with the limits 2 and 2", Step("a") + "<KinetraPool Include=\"gpu;gpu\" Limit=\"2\" />", ""),
        ("KIN5011", "\"a\" depends on \"b\", which runs after all others", Step("a", "DependsOn=\"b\"") + Step("b", "Always=\"true\""), ""),
        ("KIN5010", "KinetraOnly: \"fien\" is no step. Did you mean \"fine\"?", Fine, "<KinetraOnly>fien</KinetraOnly>"),
        ("KIN5010", "KinetraSkip: no step matches \"x*\"", Fine, "<KinetraSkip>x*</KinetraSkip>"),
        ("KIN5010", "No step is left to run", Fine + Step("b"), "<KinetraOnly>b</KinetraOnly><KinetraUntil>fine</KinetraUntil>"),
        ("KIN5010", "KinetraOnly: there is no step \"a\"", "", "<KinetraOnly>a</KinetraOnly>"),
        ("KIN0001", "Critical of step \"a\": \"maybe\"", Step("a", "Critical=\"maybe\""), ""),
        ("KIN0001", "Always of step \"a\": \"1\"", Step("a", "Always=\"1\""), ""),
        ("KIN0001", "Cache of step \"a\": \"no\"", Step("a", "Cache=\"no\""), ""),
        ("KIN0001", "Priority of step \"a\": \"high\"", Step("a", "Priority=\"high\""), ""),
        ("KIN0001", "Timeout of step \"a\": \"soon\"", Step("a", "Timeout=\"soon\""), ""),
        ("KIN0001", "RetryDelay of step \"a\": \"often\"", Step("a", "RetryDelay=\"often\""), ""),
        ("KIN0001", "ExpectedDuration of step \"a\": \"long\"", Step("a", "ExpectedDuration=\"long\""), ""),
        ("KIN0001", "MaxAttempts of step \"a\": 0", Step("a", "MaxAttempts=\"0\""), ""),
        ("KIN0001", "Environment of step \"a\": \"X\"", Step("a", "Environment=\"X\""), ""),
        ("KIN0001", "RetryExitCodes of step \"a\"", Step("a", "RetryExitCodes=\"all\""), ""),
        ("KIN0001", "KinetraMaxParallel", Fine, "<KinetraMaxParallel>0</KinetraMaxParallel>"),
        ("KIN0001", "KinetraOnFailure", Fine, "<KinetraOnFailure>Panic</KinetraOnFailure>"),
        ("KIN0001", "KinetraKeepGoing", Fine, "<KinetraKeepGoing>perhaps</KinetraKeepGoing>"),
        ("KIN0001", "KinetraCacheSize", Fine, "<KinetraCacheSize>much</KinetraCacheSize>"),
        ("KIN4002", "Step \"a\" needs exactly one of", """<KinetraStep Include="a" />""", ""),
        ("KIN4002", "Command and Arguments", Step("a", "Arguments=\"x;y\""), ""),
        ("KIN4002", "Timeout", """<KinetraStep Include="a" Projects="x.proj" Timeout="5s" />""", ""),
        ("KIN0004", "DOTNET_TOKEN", Step("a", "SecretVariables=\"DOTNET_TOKEN\""), ""),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("Before")]
    public void Each_is_one_error_and_no_run_begins_not_even_of_the_targets_before_it(string targets)
    {
        using WorkflowProject project = new("");
        List<string> files = ["all.proj", "master.proj"];
        for (int i = 0; i < Cases.Length; i++)
        {
            files.Add($"c{i:00}/case{i:00}.proj");
            project.Write(files[^1], WorkflowProject.Xml(
                $"""<PropertyGroup>{Cases[i].Else}</PropertyGroup><Target Name="Before"><RunStepWithRetry StepName="before" Command="touch ran" /></Target><ItemGroup>{Cases[i].Items}</ItemGroup>""",
                Cases[i].Items.Length == 0 ? "Before" : targets));
        }

        project.Write("all.proj", """<Project><ItemGroup><Case Include="c*/*.proj" /></ItemGroup><Target Name="Build"><MSBuild Projects="@(Case)" ContinueOnError="ErrorAndContinue" StopOnFirstFailure="false" /></Target></Project>""");

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "all.proj", "-m:1"]);

        Assert.Equal(1, result.ExitCode);
        // The engine tells all of them again at the end.
        string[] errors = [.. result.Output[..result.Output.IndexOf("Build FAILED.", StringComparison.Ordinal)].Split('\n').Where(line => Regex.IsMatch(line, @"(error|warning) [A-Z]+\d{4}:"))];
        Assert.All(Enumerable.Range(0, Cases.Length), i =>
        {
            string error = Assert.Single(errors, line => line.StartsWith(project.Folder[$"c{i:00}/case{i:00}.proj"] + " : ", StringComparison.Ordinal));
            Assert.Contains($"error {Cases[i].Code}: ", error);
            Assert.Contains(Cases[i].Says, error);
        });
        Assert.Equal(files.Order(StringComparer.Ordinal), project.Folder.Files());
        Assert.DoesNotContain(Directory.EnumerateDirectories(project.Folder.Root, "*", SearchOption.AllDirectories), directory => !Regex.IsMatch(Path.GetFileName(directory), @"^c\d\d$"));
    }

    [Fact]
    public void Of_several_items_each_is_an_error_of_its_own_with_its_own_code()
    {
        using WorkflowProject project = new($"""
            <ItemGroup>{Fine}{Step("g", "Timeout=\"soon\"")}{Step("h", "Always=\"1\"")}<KinetraStep Include="i" /><KinetraPool Include="p0" Limit="0" /><KinetraPool Include="p1" Limit="abc" /></ItemGroup>
            """, targets: "");
        DotNetResult result = project.Build();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(5, Regex.Count(result.Output[result.Output.IndexOf("Build FAILED.", StringComparison.Ordinal)..], @"(?m)^.*master\.proj : error KIN\d{4}: "));
        Assert.Contains("    5 Error(s)", result.Output);
        Assert.Contains("error KIN0001: Timeout of step \"g\"", result.Output);
        Assert.Contains("error KIN0001: Always of step \"h\"", result.Output);
        Assert.Contains("error KIN4002: Step \"i\" needs", result.Output);
        Assert.Contains("error KIN5011: Limit of the pool \"p0\": \"0\" is not", result.Output);
        Assert.Contains("error KIN5011: Limit of the pool \"p1\": \"abc\" is not", result.Output);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    [Fact]
    public void Of_very_many_items_ten_are_told_and_the_others_counted()
    {
        using WorkflowProject project = new($"""<ItemGroup>{string.Concat(Enumerable.Range(0, 25).Select(i => Step($"s{i}", "Always=\"1\"")))}</ItemGroup>""", targets: "");
        DotNetResult result = project.Build();
        Assert.Contains("    10 Error(s)", result.Output);
        Assert.Contains("Always of step \"s9\": \"1\" is neither true nor false. (And 15 more steps or pools are wrong.)", result.Output);
    }

    [Fact]
    public void A_slip_in_the_name_of_metadata_is_a_warning_once()
    {
        using WorkflowProject project = new($"""<ItemGroup>{Step("a", "DependOn=\"b\" Owner=\"me\"")}{Step("b", "DependOn=\"\" Pool=\"gpu\"")}<KinetraPool Include="gpu" Limits="2" /></ItemGroup>""", targets: "");
        DotNetResult result = project.Build();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN5013"], result.Warnings);
        Assert.Contains("Step \"a\" has the metadata DependOn", result.Output);
        Assert.Contains("Did you mean DependsOn?", result.Output);
        Assert.Contains("The pool \"gpu\" has the metadata Limits, which means nothing to KinetraPool. Did you mean Limit?", result.Output);
        Assert.DoesNotContain("Owner", result.Output);
        Assert.Contains("    2 Warning(s)", result.Output);
    }

    [Fact]
    public void A_habit_from_another_tool_is_a_warning_that_says_what_it_is_called_here()
    {
        using WorkflowProject project = new($"""<ItemGroup>{Step("a", "MaxRetries=\"3\" IgnoreExitCode=\"true\" needs=\"b\"")}{Step("b")}</ItemGroup>""", targets: "");
        DotNetResult result = project.Build();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Step \"a\" has the metadata MaxRetries, which means nothing to KinetraStep. Did you mean MaxAttempts (the first attempt counts)?", result.Output);
        Assert.Contains("Did you mean Critical=\"false\"?", result.Output);
        Assert.Contains("has the metadata needs, which means nothing to KinetraStep. Did you mean DependsOn?", result.Output);
        Assert.Contains("    3 Warning(s)", result.Output);
    }

    [Fact]
    public void Steps_that_a_target_makes_too_late_to_be_checked_fail_the_run_before_any_of_them_starts()
    {
        using WorkflowProject project = new($"""
            <Target Name="Make"><ItemGroup>{Step("a")}{Step("b", "DependsOn=\"aa\"")}</ItemGroup></Target>
            """, targets: "Make");
        DotNetResult result = project.Build();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN5007"], result.Errors);
        Assert.Equal("failed", project.State().Status);
        Assert.Empty(project.State().Steps);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    private static string Step(string name, string more = "") => $"""<KinetraStep Include="{name}" Command="touch ran" {more} />""";
}
