using Kinetra.Build.Testing;
using Microsoft.Build.Logging.StructuredLogger;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class BinlogTests
{
    private const string Forms = """
        <PropertyGroup><KinetraMaxAttempts>2</KinetraMaxAttempts><KinetraRetryDelay>10ms</KinetraRetryDelay></PropertyGroup>
        <Target Name="Run"><RunStepWithRetry StepName="in a target" Command="test $KINETRA_ATTEMPT = 2" /></Target>
        <ItemGroup>
          <KinetraStep Include="one" Command="echo one" />
          <KinetraStep Include="bad;%25 &lt;x&gt;" DependsOn="one" Command="echo why not; exit 3" Critical="$(IsCritical)" />
          <KinetraStep Include="behind" DependsOn="bad;%25 &lt;x&gt;!" Command="echo never" />
        </ItemGroup>
        """;

    [Theory]
    [InlineData("true", "failed", "-m:1")]
    [InlineData("false", "completed", "-m:2")]
    [InlineData("false", "completed", "-mt -m:2")]
    public void Each_steps_result_is_an_item_and_the_state_is_embedded(string critical, string status, string launch)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(Forms.Replace("bad;%25", "bad%3B%25", StringComparison.Ordinal));

        DotNetResult result = project.Build(["-bl", $"-p:IsCritical={critical}", .. launch.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(result.ExitCode == (critical == "true" ? 1 : 0), result.ToString());
        Microsoft.Build.Logging.StructuredLogger.Build build = Binlog.Read(project.Folder["msbuild.binlog"]);
        List<Item> items = [];
        build.VisitAllChildren<AddItem>(added =>
        {
            if (added.Name == "KinetraStepResult")
            {
                items.AddRange(added.Children.OfType<Item>());
                Assert.IsType<Microsoft.Build.Logging.StructuredLogger.Task>(added.GetNearestParent<Microsoft.Build.Logging.StructuredLogger.Task>(), exactMatch: false);
            }
        });
        Assert.Equal(["in a target: completed 2", "one: completed 1", "bad;% <x>: failed 2", "behind: skipped 0"], items.Select(item => $"{item.Text}: {Metadata(item, "Status")} {Metadata(item, "Attempts")}"));
        Assert.Equal("3", Metadata(items[2], "ExitCode"));
        Assert.Contains("why not", Metadata(items[2], "Error"));
        Assert.Contains("bad;% <x>", Metadata(items[3], "Reason"));
        ArchiveFile state = build.SourceFiles.Single(file => file.FullPath.EndsWith(".json", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(project.StateFile()), state.Text);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(state.Text);
        Assert.Equal(status, json.RootElement.GetProperty("status").GetString());

        // The summary can be read from the binlog alone.
        List<string> messages = [];
        build.VisitAllChildren<Message>(message => messages.Add(message.Text));
        int start = messages.FindIndex(message => message.StartsWith("Workflow master (", StringComparison.Ordinal) && message.EndsWith(": " + status, StringComparison.Ordinal));
        string[] summary = [.. messages.Skip(start).TakeWhile(message => !message.StartsWith("Total Duration:", StringComparison.Ordinal))];
        Assert.Contains("Performance Insights:", summary);
        Assert.All(items, item => Assert.Contains(summary, line => line.Contains(item.Text, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_report_is_embedded_if_there_is_one_and_a_continued_run_says_what_it_took_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraReport>false</KinetraReport><KinetraMaxAttempts>1</KinetraMaxAttempts></PropertyGroup>
            <ItemGroup>
              <KinetraStep Include="one" Command="echo one" />
              <KinetraStep Include="two" DependsOn="one" Command="echo 'a report' &gt; logs/workflow/workflow_$KINETRA_WORKFLOW_ID.html; test -e mended" />
            </ItemGroup>
            """, targets: "");
        Assert.Equal(1, project.Build().ExitCode);
        project.Write("mended", "");

        Assert.Equal(0, project.Build("-bl", "-m:2", "-p:KinetraResume=true").ExitCode);

        Microsoft.Build.Logging.StructuredLogger.Build build = Binlog.Read(project.Folder["msbuild.binlog"]);
        Assert.Contains("a report", build.SourceFiles.Single(file => file.FullPath.EndsWith(".html", StringComparison.Ordinal)).Text);
        List<Item> items = [];
        build.VisitAllChildren<AddItem>(added => items.AddRange(added.Name == "KinetraStepResult" ? added.Children.OfType<Item>() : []));
        Assert.Equal(["one", "two"], items.Select(item => item.Text));
        Assert.NotNull(Metadata(items[0], "ResumedFrom"));
        Assert.Null(Metadata(items[1], "ResumedFrom"));
    }

    [Fact]
    public void Without_a_binlog_nothing_of_it_is_logged()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="echo one" /></Target>""");

        Assert.DoesNotContain("KinetraStepResult", project.Build("-v:n").Output);
        Assert.Contains("KinetraStepResult", project.Build("-v:diag").Output);
    }

    private static string? Metadata(Item item, string name) => item.Children.OfType<Metadata>().SingleOrDefault(metadata => metadata.Name == name)?.Value;

    [Fact]
    public void Every_steps_target_is_a_timed_node_and_the_summary_is_there()
    {
        using WorkflowProject project = new("""
            <Target Name="Download"><RunStepWithRetry StepName="Download" Command="sleep 0.3" /></Target>
            <Target Name="Prepare" DependsOnTargets="Download"><RunStepWithRetry StepName="Prepare" Command="sleep 0.1" /></Target>
            """, "Prepare");

        DotNetResult result = project.Build("-bl");

        Assert.True(result.ExitCode == 0, result.ToString());
        Microsoft.Build.Logging.StructuredLogger.Build build = Binlog.Read(project.Folder["msbuild.binlog"]);
        List<Target> targets = [];
        List<string> messages = [];
        build.VisitAllChildren<Target>(targets.Add);
        build.VisitAllChildren<Message>(message => messages.Add(message.Text));
        Assert.True(targets.Single(target => target.Name == "Download").Duration.TotalMilliseconds >= 300);
        Assert.True(targets.Single(target => target.Name == "Prepare").Duration.TotalMilliseconds >= 100);
        Assert.Contains("Performance Insights:", messages);
        Assert.Contains(messages, message => message.StartsWith("Total Duration:", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("Download", StringComparison.Ordinal) && message.Contains("s avg", StringComparison.Ordinal));
    }
}
