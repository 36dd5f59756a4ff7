using System.Globalization;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>What only says what would be run leaves no trace.</summary>
public sealed class GraphPlanTests
{
    private const string Graph = """
        <ItemGroup>
          <KinetraStep Include="make" Inputs="source.txt" Outputs="made.txt" Command="cat source.txt &gt; made.txt ; echo x &gt;&gt; runs" />
          <KinetraStep Include="use" Inputs="made.txt" Outputs="used.txt" Command="cat made.txt &gt; used.txt ; echo x &gt;&gt; runs" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("")]
    [InlineData("Before")]
    public void A_plan_and_a_question_write_nothing_and_the_question_fails_as_long_as_something_would_run(string targets)
    {
        using WorkflowProject project = new($"""<Target Name="Before" />{Graph}""", targets);
        project.Write("source.txt", "one");

        string before = Listing(project);
        DotNetResult plan = project.Build("-t:KinetraPlan");
        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.Contains("Plan of master; nothing is run:", plan.Output);
        Assert.Matches(@"1  make  runs.*\n.*2  use   runs", plan.Output);
        Question("KIN5014");
        Assert.Equal(before, Listing(project));

        DotNetResult build = project.Build();
        Assert.True(build.ExitCode == 0, build.ToString());
        before = Listing(project);
        Question(null);
        plan = project.Build("-t:KinetraPlan");
        Assert.All((string[])["1  make  does not run: ", "2  use   does not run: "], line => Assert.Contains(line, plan.Output));
        Assert.Equal(before, Listing(project));

        DotNetResult rebuild = project.Build("-question", "-t:Rebuild");
        Assert.Equal((1, "KIN5014"), (rebuild.ExitCode, Assert.Single(rebuild.Errors)));

        project.Write("source.txt", "two");
        before = Listing(project);
        Question("KIN5014");
        Assert.Equal(before, Listing(project));
        Assert.Equal("x\nx\n", project.Folder.Read("runs"));

        void Question(string? code)
        {
            DotNetResult result = project.Build("-question");
            Assert.True(code is null ? result.ExitCode == 0 : result.ExitCode == 1, result.ToString());
            Assert.Equal(code is null ? [] : [code], result.Errors);
            Assert.Empty(result.Warnings);
        }
    }

    [Fact]
    public void A_plan_of_what_cannot_be_is_the_same_error_and_writes_nothing()
    {
        using WorkflowProject project = new("""<ItemGroup><KinetraStep Include="a" DependsOn="b" Command="true" /></ItemGroup>""", targets: "");
        string before = Listing(project);
        DotNetResult result = project.Build("-t:KinetraPlan");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN5007"], result.Errors);
        Assert.Equal(before, Listing(project));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Load")]
    public void Without_steps_it_says_that_there_is_nothing_to_plan(string targets)
    {
        using WorkflowProject project = new("""<Target Name="Load" />""", targets);
        DotNetResult result = project.Build("-t:KinetraPlan");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(targets.Length > 0, result.Output.Contains("First come the targets Load,", StringComparison.Ordinal));
        Assert.Contains("master has no KinetraStep items, so there is no graph to plan.", result.Output);
    }

    // Every file and directory with its size and times.
    private static string Listing(WorkflowProject project) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(project.Folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Append(project.Folder.Root)
        .Select(path => string.Create(CultureInfo.InvariantCulture, $"{path} {(File.Exists(path) ? new FileInfo(path).Length : 0)} {File.GetLastWriteTimeUtc(path):O}"))
        .Order(StringComparer.Ordinal));
}
