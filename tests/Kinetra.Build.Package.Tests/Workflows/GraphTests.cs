using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>The steps form in real builds: order, what runs beside what, limits, and its forms.</summary>
public sealed class GraphTests
{
    // Says on a file of its own that it is there, and waits until another one has: both can only do so at the same time.
    private static string Meet(string self, string other) => $"touch {self}.here ; while ! test -e {other}.here ; do sleep 0.02 ; done";

    [Fact]
    public void Steps_run_in_their_order_beside_each_other_and_the_output_of_each_stays_together()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new($"""
            <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
            <ItemGroup>
              <KinetraStep Include="last" DependsOn="left;right" Command="test -e left.done &amp;&amp; test -e right.done &amp;&amp; echo last" />
              <KinetraStep Include="left" DependsOn="first" Timeout="30s" Command="test -e first.done &amp;&amp; sh print.sh left 0 &amp;&amp; {Meet("left", "right")} ; sh print.sh left 200 ; touch left.done" />
              <KinetraStep Include="right" DependsOn="first" Timeout="30s" Command="test -e first.done &amp;&amp; sh print.sh right 0 &amp;&amp; {Meet("right", "left")} ; sh print.sh right 200 ; touch right.done" />
              <KinetraStep Include="first" Command="sleep 0.2 ; touch first.done" />
            </ItemGroup>
            """, targets: "");
        project.Write("print.sh", "i=$2; end=$((i+200)); while test $i -lt $end; do echo \"  $1 line $i\"; i=$((i+1)); done\n");

        DotNetResult result = project.Build("-v:n");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["first: completed", "last: completed", "left: completed", "right: completed"], Statuses(project));
        string[] steps = [.. result.Output.Split('\n').Where(line => line.Contains(" line ")).Select(line => line.Trim())];
        Assert.Equal(800, steps.Length);
        string[] first = [.. Enumerable.Range(0, 400).Select(i => $"{steps[0].Split(' ')[0]} line {i}")];
        string[] second = [.. Enumerable.Range(0, 400).Select(i => $"{steps[^1].Split(' ')[0]} line {i}")];
        Assert.Equal([.. first, .. second], steps);
        Assert.NotEqual(first[0], second[0]);
        Assert.All((string[])["[1/4] ✓ first", "[4/4] ✓ last"], line => Assert.Contains(line, result.Output));
    }

    [Fact]
    public void A_step_that_builds_its_own_graph_is_refused_rather_than_going_on_without_end()
    {
        using WorkflowProject project = new("""<ItemGroup><KinetraStep Include="again" Targets="Build" MaxAttempts="1" /></ItemGroup>""", targets: "");

        DotNetResult result = project.Build();

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error KIN5011: Step \"again\" builds a target that runs the graph that it is part of itself", result.Output);
        Assert.Equal(["again: failed"], Statuses(project));
    }

    [Fact]
    public void A_step_whose_declared_directory_is_gone_is_run_again_though_no_file_was_in_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new("""
            <ItemGroup>
              <KinetraStep Include="make" Command="mkdir -p made &amp;&amp; echo . &gt;&gt; ran" Inputs="in.txt" Outputs="made" />
            </ItemGroup>
            """, targets: "");
        project.Write("in.txt", "1");

        Assert.Equal(0, project.Build().ExitCode);
        Assert.Equal(0, project.Build().ExitCode);
        Assert.Equal(["make: cached"], Statuses(project));
        Directory.Delete(project.Folder["made"]);
        Assert.Equal(0, project.Build().ExitCode);

        Assert.Equal(["make: completed"], Statuses(project));
        Assert.Equal("output made is gone", project.State().Step("make").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(3, 3, 2)]
    [InlineData(1, 1, 1)]
    public void Never_more_run_at_a_time_than_the_limits_allow(int maxParallel, int ofAll, int ofPool)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new($"""
            <ItemGroup>
              <KinetraPool Include="single" />
              <KinetraPool Include="pair" Limit="2" />
              {Steps(10, "free", "")}
              {Steps(4, "one", "Pool=\"single\"")}
              {Steps(5, "two", "Pool=\"pair\"")}
            </ItemGroup>
            """, targets: "");

        DotNetResult result = project.Build($"-p:KinetraMaxParallel={maxParallel}");

        Assert.True(result.ExitCode == 0, result.ToString());
        string[] marks = project.Folder.Read("marks").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 * 19, marks.Length);
        Assert.InRange(MostAtATime(marks, ""), 1, ofAll);
        Assert.InRange(MostAtATime(marks, "one"), 1, 1);
        Assert.InRange(MostAtATime(marks, "two"), 1, ofPool);

        static string Steps(int count, string name, string more) => string.Join("\n", Enumerable.Range(1, count).Select(i => $"<KinetraStep Include=\"{name}{i}\" {more} Command=\"echo {name} begin &gt;&gt; marks ; sleep 0.0{i % 5} ; echo {name} end &gt;&gt; marks\" />"));
    }

    public static TheoryData<string> Launches => ["", "-m:2", "-mt", "server"];

    [Theory]
    [MemberData(nameof(Launches))]
    public void Targets_come_first_then_commands_beside_what_the_engine_builds(string launch)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        string id = Guid.NewGuid().ToString("N");
        using WorkflowProject project = new($"""
            <Target Name="Before"><RunStepWithRetry StepName="command" Command="touch before.done" /></Target>
            <Target Name="Inner"><Exec Command="{Meet("engine", "command")} ; echo inner &gt;&gt; built" /></Target>
            <ItemGroup>
              <KinetraStep Include="command" Timeout="30s" Command="test -e before.done &amp;&amp; {Meet("command", "engine")}" />
              <KinetraStep Include="target" Targets="Inner" />
              <KinetraStep Include="project" DependsOn="target;command" Projects="other.proj" Targets="Other" Properties="Word=a%3Bb" />
              <KinetraStep Include="behind" DependsOn="project!" Command="test -e built &amp;&amp; echo behind &gt;&gt; built" />
            </ItemGroup>
            """, targets: "Before");
        project.Write("other.proj", """<Project><Target Name="Other"><WriteLinesToFile File="word" Lines="[$([MSBuild]::Escape('$(Word)'))]" /><Exec Command="echo other &gt;&gt; built" /></Target></Project>""");
        bool hasServer = launch == "server";
        Dictionary<string, string?> environment = new()
        {
            ["KINETRA_TEST_CASE"] = id,
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = hasServer ? "1" : "0",
            ["MSBUILDDISABLENODEREUSE"] = hasServer ? null : "1",
            ["MSBUILDNODEHANDSHAKESALT"] = id,
        };
        try
        {
            DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj", "-p:KinetraMaxParallel=2", .. hasServer || launch.Length == 0 ? (string[])[] : [launch]], environment);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal(hasServer, CaseProcess.WithEnvironment(id).Any(process => process.IsServer));
            Assert.Equal("inner\nother\nbehind\n", project.Folder.Read("built"));
            Assert.Equal("[a;b]", project.Folder.Read("word").Trim());
            Assert.Equal("completed", project.State().Status);
            Assert.Equal(["behind: completed", "command: completed", "command: completed", "project: completed", "target: completed"], Statuses(project));
            Assert.Equal("command: completed", project.State().Steps[0]);
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
    public void One_item_makes_a_hundred_steps_and_names_and_lists_may_hold_anything()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new($"""
            <ItemGroup>
              <Symbol Include="{string.Join(';', Enumerable.Range(1, 100).Select(i => $"S{i}"))}" Word="of %(Identity)" />
              <KinetraStep Include="@(Symbol->'fetch-%(Identity)')" Command="echo &quot;$KINETRA_STEP %(Word)&quot; &gt;&gt; fetched" />
              <KinetraStep Include="count all" DependsOn="@(Symbol->'fetch-%(Identity)')" Command="wc -l &lt; fetched &gt; counted" />
              <KinetraStep Include="a/b ü 雪 🙂" DependsOn="count all" Arguments="sh;-c;echo x &gt;&gt; odd%3B echo y &gt;&gt; odd" />
              <KinetraStep Include="semi%3Bcolon" DependsOn="a/b ü 雪 🙂" Command="echo $V &gt; variable" Environment="V=1%3B2" />
              <KinetraStep Include="wow!" DependsOn="semi%3Bcolon!" Command="echo 100%25 &gt; percent" />
              <KinetraStep Include="..\\.." DependsOn="wow!;wow!!" Command="echo dots" />
            </ItemGroup>
            """, targets: "");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"fetch-S{i} of S{i}").Order(StringComparer.Ordinal), project.Folder.Read("fetched").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Equal("100", project.Folder.Read("counted").Trim());
        Assert.Equal("x\ny\n", project.Folder.Read("odd"));
        Assert.Equal("1;2\n", project.Folder.Read("variable"));
        Assert.Equal("100%\n", project.Folder.Read("percent"));
        Assert.Equal(["count all: completed", "a/b ü 雪 🙂: completed", "semi;colon: completed", "wow!: completed"], project.State().Steps.Skip(100).Take(4));
        Assert.Equal(105, project.State().Steps.Count);
    }

    [Theory]
    [InlineData("-p:KinetraOnly=left%3Bright", "left,right")]
    [InlineData("-p:KinetraSkip=\"l*;first\"", "right")]
    [InlineData("-p:KinetraFrom=left", "last,left")]
    [InlineData("-p:KinetraUntil=right", "first,right")]
    public void A_part_of_the_graph_is_run(string selection, string expected)
    {
        using WorkflowProject project = new("""
            <ItemGroup>
              <KinetraStep Include="first" Command="echo first" />
              <KinetraStep Include="left;right" DependsOn="first" Command="echo middle" />
              <KinetraStep Include="last" DependsOn="left!;right!" Command="echo last" />
            </ItemGroup>
            """, targets: "");

        DotNetResult result = project.Build(selection);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(expected.Split(',').Select(name => $"{name}: completed"), Statuses(project));
    }

    private static int MostAtATime(string[] marks, string name)
    {
        (int now, int most) = (0, 0);
        foreach (string mark in marks.Where(mark => mark.StartsWith(name, StringComparison.Ordinal)))
        {
            now += mark.EndsWith("begin", StringComparison.Ordinal) ? 1 : -1;
            most = Math.Max(most, now);
        }

        Assert.Equal(0, now);
        return most;
    }

    private static IEnumerable<string> Statuses(WorkflowProject project) => project.State().Steps.Order(StringComparer.Ordinal);
}
