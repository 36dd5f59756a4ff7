using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Whatever became of the last run's files, the build says it, and a build from the start works.</summary>
public sealed class BadStateTests
{
    private const string Steps = """
        <Target Name="Run">
          <RunStepWithRetry StepName="One" Command="echo line >> one" />
          <RunStepWithRetry StepName="Two" Command="test ! -e fail" MaxAttempts="1" />
        </Target>
        """;

    [Theory]
    [InlineData("empty", "KIN9002")]
    [InlineData("other version", "KIN9002")]
    [InlineData("directory", "KIN2007")]
    public void A_journal_that_cannot_be_continued(string what, string code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are lines for a POSIX shell.");
        using WorkflowProject project = new(Steps);
        string journal = Fail(project);
        switch (what)
        {
            case "empty":
                File.WriteAllText(journal, "");
                break;
            case "other version":
                File.WriteAllText(journal, File.ReadAllText(journal).Replace("kinetra-run 1", "kinetra-run 2", StringComparison.Ordinal));
                break;
            default:
                File.Delete(journal);
                Directory.CreateDirectory(journal);
                break;
        }

        string[] before = [.. project.Folder.Files()];
        DotNetResult refused = project.Build("-p:KinetraResume=true");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal([code], refused.Errors);
        Assert.Contains(Path.GetFileName(journal), refused.Output);
        Assert.Equal(before, project.Folder.Files());

        DotNetResult fresh = project.Build();
        Assert.Equal(["KIN4001"], fresh.Errors);
        Assert.Contains(code, fresh.Warnings);
        Assert.Equal("line\nline\n", project.Folder.Read("one"));

        File.Delete(project.Folder["fail"]);
        DotNetResult resumed = project.Build("-p:KinetraResume=true");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Empty(resumed.Warnings);
        Assert.Equal("line\nline\n", project.Folder.Read("one"));
        Assert.Equal("completed", project.State().Status);
    }

    [Fact]
    public void A_lost_lock_file_and_a_lost_state_file_keep_nothing_from_being_continued()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are lines for a POSIX shell.");
        using WorkflowProject project = new(Steps);
        string state = Path.ChangeExtension(Fail(project), ".json");
        string before = File.ReadAllText(state);
        File.Delete(state);
        File.WriteAllText(Directory.GetFiles(project.Folder[".workflow_state"], "*.lock").Single(file => Path.GetFileName(file) == "master.lock"), "?");
        File.Delete(project.Folder["fail"]);

        DotNetResult resumed = project.Build("-p:KinetraResume=true");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Empty(resumed.Warnings);
        Assert.Equal("line\n", project.Folder.Read("one"));
        Assert.Equal(before, File.ReadAllText(state));
    }

    // Returns the journal.
    private static string Fail(WorkflowProject project)
    {
        project.Write("fail", "");
        Assert.Equal(["KIN4001"], project.Build().Errors);
        return Path.ChangeExtension(project.StateFile(), ".journal");
    }
}
