using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>What a step's output tells becomes warnings and errors of the build, operations and progress of the state.</summary>
public sealed class StepProblemTests
{
    // The attempts that fail are counted in a file.
    private const string Script = """
        echo '::group::Load'; sleep 0.2; echo '::endgroup::'
        echo '##vso[task.setprogress value=75;]'
        echo '::warning file=a.py,line=3,col=4::look at this'
        echo 'sub/b.cs(5,6): error XYZ0001: this is wrong'
        echo '::error::and that'
        echo x >> tried; test $(wc -l < tried) -gt $FAILURES
        """;

    [Fact]
    public void Errors_of_a_critical_step_that_has_failed_are_errors()
    {
        using WorkflowProject project = Create(failures: 1, attempts: 1);

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN4001", "XYZ0001"], result.Errors);
        Assert.Matches(@"(?m)a\.py\(3,4\): warning ?: look at this", result.Output);
        Assert.Matches(@"(?m)sub/b\.cs\(5,6\): error XYZ0001: this is wrong", result.Output);
        Assert.Matches(@"error ?: Chatty: and that", result.Output);
        Assert.Matches(@"ERROR    \| sub/b\.cs\(5,6\): error XYZ0001: this is wrong", project.Log());
    }

    [Fact]
    public void Of_a_step_that_succeeds_at_last_they_are_warnings_of_the_last_attempt_alone()
    {
        using WorkflowProject project = Create(failures: 2, attempts: 3);

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Errors);
        Assert.Equal(["XYZ0001"], result.Warnings);
        Assert.Matches(@"\s3 Warning\(s\)", result.Output);
        var step = project.State().Step("Chatty");
        Assert.Equal(75, step.GetProperty("progress").GetInt32());
        var operation = Assert.Single(step.GetProperty("operations").EnumerateArray());
        Assert.Equal("Load", operation.GetProperty("name").GetString());
        Assert.InRange(operation.GetProperty("duration").GetDouble(), 0.1, 10);
        Assert.Matches(@"(?m)^    Load +\d", Regex.Replace(result.Output, "(?m)^  ", ""));
        Assert.Matches(@"WARNING  \| sub/b\.cs\(5,6\): warning XYZ0001", project.Log());
    }

    [Fact]
    public void More_values_to_be_masked_than_can_be_are_a_warning_with_their_number()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The step is written for sh.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Masks" Command="seq -f '::add-mask::value-number-%g' 1000 1102; echo value-number-1000" /></Target>""");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN4012"], result.Warnings);
        Assert.Contains("3 values of ::add-mask:: are not masked", result.Output);
        Assert.DoesNotContain("value-number-1000", result.Output);
    }

    [Fact]
    public void Of_a_step_that_the_workflow_can_do_without_they_are_warnings()
    {
        using WorkflowProject project = Create(failures: 1, attempts: 1, "Critical=\"false\"");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN4001", "XYZ0001"], result.Warnings);
        Assert.Equal("failed", project.State().Step("Chatty").GetProperty("status").GetString());
    }

    [Fact]
    public void They_are_suppressed_and_promoted_as_any_warning_is()
    {
        using WorkflowProject suppressed = Create(failures: 0, attempts: 1);
        Assert.Empty(suppressed.Build("-p:NoWarn=XYZ0001").Warnings);
        using WorkflowProject promoted = Create(failures: 0, attempts: 1);
        DotNetResult result = promoted.Build("-warnaserror:XYZ0001");
        Assert.Equal(["XYZ0001"], result.Errors);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_failure_says_what_may_help()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="S" Command="no-such-command-here" /></Target>""");

        DotNetResult result = project.Build();

        Assert.Equal(["KIN4001"], result.Errors);
        Assert.Contains("Suggestion: ", result.Output);
        Assert.Contains("Install no-such-command-here,", project.State().Step("S").GetProperty("error").GetString());
    }

    private static WorkflowProject Create(int failures, int attempts, string more = "")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The step is a shell script.");
        WorkflowProject project = new($"""
            <Target Name="Run"><RunStepWithRetry StepName="Chatty" Command="FAILURES={failures} sh ./chatty.sh" MaxAttempts="{attempts}" {more} /></Target>
            """);
        project.Write("chatty.sh", Script.Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
        return project;
    }
}
