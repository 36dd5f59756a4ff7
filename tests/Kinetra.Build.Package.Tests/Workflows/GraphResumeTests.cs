using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>A graph of steps that did not get to its end is continued. Each step counts its runs in a file of its own.</summary>
public sealed class GraphResumeTests
{
    private const string Resume = "-p:KinetraResume=true";
    private const string Count = "echo x &gt;&gt; $KINETRA_STEP.runs";

    // "same" keeps only the first line, so it makes what it made before when another one changes; "loud" declares no outputs.
    private const string Body = $"""
        <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
        <ItemGroup>
          <KinetraStep Include="same" Inputs="source.txt" Outputs="same.txt" Command="{Count} ; head -n1 source.txt &gt; same.txt" />
          <KinetraStep Include="behind same" DependsOn="same" Inputs="same.txt" Outputs="behind.txt" Command="echo x &gt;&gt; behind.runs ; cat same.txt &gt; behind.txt" />
          <KinetraStep Include="loud" Inputs="source.txt" Command="{Count}" />
          <KinetraStep Include="listener" DependsOn="loud" Command="{Count}" />
          <KinetraStep Include="alone" Command="{Count}" />
          <KinetraStep Include="fails" DependsOn="behind same;listener;alone" Command="{Count} ; test -e good" />
          <KinetraStep Include="last" DependsOn="fails" Command="{Count}" />
        </ItemGroup>
        """;

    [Fact]
    public void Run_after_run_only_what_is_needed_is_run_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Body, targets: "");
        project.Write("source.txt", "one\ntwo\n");
        Assert.Equal(1, project.Build().ExitCode);
        Assert.Equal("alone 1, behind 1, fails 1, listener 1, loud 1, same 1", Runs(project));

        DotNetResult second = project.Build(Resume);
        Assert.Equal(1, second.ExitCode);
        Assert.Equal("alone 1, behind 1, fails 2, listener 1, loud 1, same 1", Runs(project));
        Assert.Contains("alone: not run again: completed in run", second.Output);

        project.Write("source.txt", "one\nchanged\n");
        DotNetResult third = project.Build(Resume);
        Assert.Equal(1, third.ExitCode);
        Assert.Equal("alone 1, behind 1, fails 3, listener 2, loud 2, same 2", Runs(project));
        Assert.Contains("same: started; input source.txt changed", third.Output);
        Assert.Contains("listener: started; \"loud\", which it depends on, ran again", third.Output);

        project.Write("good", "");
        DotNetResult fourth = project.Build(Resume);
        Assert.True(fourth.ExitCode == 0, fourth.ToString());
        Assert.Equal("alone 1, behind 1, fails 4, last 1, listener 2, loud 2, same 2", Runs(project));
        Assert.Equal("completed", project.State().Status);
        Assert.Equal(7, project.State().Steps.Count(step => step.EndsWith(": completed", StringComparison.Ordinal) || step.EndsWith(": cached", StringComparison.Ordinal)));

        // Complete: there is nothing to continue, so all runs but what the cache has.
        project.Build(Resume);
        Assert.Equal("alone 2, behind 1, fails 5, last 2, listener 3, loud 3, same 2", Runs(project));
    }

    [Fact]
    public void A_killed_build_is_continued_and_what_was_completed_is_not_run_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new($"""
            <PropertyGroup><KinetraMaxParallel>3</KinetraMaxParallel></PropertyGroup>
            <ItemGroup>
              <KinetraStep Include="one" Command="{Count}" />
              <KinetraStep Include="two" DependsOn="one" Command="{Count}" />
              <KinetraStep Include="long" DependsOn="two" Command="{Count} ; echo $$ &gt; pid ; touch here ; test -e good || exec sleep 300" />
              <KinetraStep Include="three" DependsOn="long" Command="{Count}" />
            </ItemGroup>
            """, targets: "");
        using RunningDotNet build = project.Start();
        project.WaitFor("here");

        build.Signal(9);

        Assert.Equal(137, build.WaitForEnd(TimeSpan.FromSeconds(30)).ExitCode);
        project.Write("good", "");
        DotNetResult resumed = project.Build(Resume);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.False(Alive.IsRunning(project.Folder.Read("pid").Trim()));
        Assert.Contains("was killed, and is recorded as interrupted", resumed.Output);
        Assert.Contains("long: started; interrupted in run", resumed.Output);
        Assert.Equal("long 2, one 1, three 1, two 1", Runs(project));
    }

    private static string Runs(WorkflowProject project) => string.Join(", ", project.Folder.Files()
        .Where(file => file.EndsWith(".runs", StringComparison.Ordinal))
        .Select(file => $"{Path.GetFileNameWithoutExtension(file)} {File.ReadAllLines(project.Folder[file]).Length}"));
}
