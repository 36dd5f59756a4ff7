using Kinetra.Build.Testing;
using Microsoft.Build.Logging.StructuredLogger;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

public sealed class BinlogTests
{
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
