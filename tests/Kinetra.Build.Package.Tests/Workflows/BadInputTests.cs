using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>Each wrong input is one coded error that names the culprit, and nothing is changed.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        // code, what the message names, what the target does
        { "MSB4044", "File", """<AtomicWriteFile Content="x" />""" },
        { "MSB4044", "StepName", """<RunStepWithRetry Command="true" />""" },
        { "KIN1001", "Content and Lines", """<AtomicWriteFile File="a" Content="x" Lines="y" />""" },
        { "KIN1001", "Content and Source", """<AtomicWriteFile File="a" Content="x" Source="known" />""" },
        { "KIN1001", "none", """<AtomicWriteFile File="a" />""" },
        { "KIN1002", "folder", """<AtomicWriteFile File="folder" Content="x" />""" },
        { "KIN1002", "nul.txt", """<AtomicWriteFile File="nul.txt" Content="x" />""" },
        { "KIN1002", "/dev/null", """<AtomicWriteFile File="/dev/null" Content="x" />""" },
        { "KIN1003", "known/x", """<AtomicWriteFile File="known/x" Content="x" />""" },
        { "KIN1003", "/proc/x", """<AtomicWriteFile File="/proc/x" Content="x" />""" },
        { "KIN1005", "klingon", """<AtomicWriteFile File="a" Content="x" Encoding="klingon" />""" },
        { "KIN1005", "utf-7", """<AtomicWriteFile File="a" Content="x" Encoding="utf-7" />""" },
        { "KIN1005", "us-ascii", """<AtomicWriteFile File="a" Content="é" Encoding="us-ascii" />""" },
        { "KIN1006", "missing.txt", """<AtomicWriteFile File="a" Source="missing.txt" />""" },
        { "KIN1006", "folder", """<AtomicWriteFile File="a" Source="folder" />""" },
        { "KIN0001", "rw-r--r--", """<AtomicWriteFile File="a" Content="x" UnixMode="rw-r--r--" />""" },
        { "KIN0001", "0999", """<AtomicWriteFile File="a" Content="x" UnixMode="0999" />""" },
        { "MSB4030", "maybe", """<AtomicWriteFile File="a" Content="x" OnlyIfChanged="maybe" />""" },
        { "KIN2001", "missing.txt", """<VerifyChecksum Files="missing.txt" />""" },
        { "KIN1002", "folder", """<VerifyChecksum Files="folder" />""" },
        { "KIN2003", "known", """<VerifyChecksum Files="known" OnMissingBaseline="Fail" />""" },
        { "KIN2005", "1234", """<VerifyChecksum Files="known" ExpectedChecksum="1234" />""" },
        { "KIN2002", "known", """<VerifyChecksum Files="known" ExpectedChecksum="0000000000000000000000000000000000000000000000000000000000000000" />""" },
        { "KIN0001", "Maybe", """<VerifyChecksum Files="known" OnMismatch="Maybe" />""" },
        { "KIN2004", "corrupt.checksum", """<VerifyChecksum Files="corrupt" />""" },
        { "KIN3001", "missing.txt", """<BackupFile Files="missing.txt" />""" },
        { "KIN3001", "folder", """<BackupFile Files="folder" />""" },
        { "KIN3002", "known", """<BackupFile Files="known" BackupDirectory="corrupt" />""" },
        { "KIN0001", "Keep", """<BackupFile Files="known" Keep="0" />""" },
        { "KIN0001", "yesterday", """<BackupFile Files="known" MaxAge="yesterday" />""" },
        { "KIN3003", "known", """<RestoreBackup File="known" />""" },
        { "KIN0001", "yesterday", """<RestoreBackup File="known" At="yesterday" />""" },
        { "KIN0001", "Backup and At", """<RestoreBackup File="known" Backup="b" At="2026-01-01" />""" },
        { "KIN3005", "corrupt", """<RestoreBackup File="backed" Backup="corrupt" />""" },
        { "KIN3004", "backed.20260101_000000.bak", """<RestoreBackup File="backed" />""" },
        { "KIN3006", "manifest.journal", """<RestoreBackup File="other/file" />""" },
        { "KIN2010", "NO_SUCH_TOKEN", """<CheckCredentials File=".env" Required="NO_SUCH_TOKEN" />""" },
        { "KIN2011", "TOKEN", """<CheckCredentials File=".env" Required="TOKEN" />""" },
        { "KIN2012", "bad.env(2)", """<CheckCredentials File="bad.env" Required="TOKEN" />""" },
        { "KIN2012", "bad.env(2)", """<RunStepWithRetry StepName="S" Command="touch ran" EnvironmentFile="bad.env" />""" },
        { "KIN2013", "missing.env", """<RunStepWithRetry StepName="S" Command="touch ran" EnvironmentFile="missing.env" />""" },
        { "KIN4002", "none", """<RunStepWithRetry StepName="S" />""" },
        { "KIN4002", "Command and Arguments", """<RunStepWithRetry StepName="S" Command="touch ran" Arguments="touch;ran" />""" },
        { "KIN4002", "Timeout", """<RunStepWithRetry StepName="S" Projects="x.proj" Timeout="1s" />""" },
        { "KIN4002", "Targets", """<RunStepWithRetry StepName="S" Command="touch ran" Targets="T" />""" },
        { "KIN0001", "MaxAttempts", """<RunStepWithRetry StepName="S" Command="touch ran" MaxAttempts="0" />""" },
        { "MSB4030", "many", """<RunStepWithRetry StepName="S" Command="touch ran" MaxAttempts="many" />""" },
        { "KIN0001", "soon", """<RunStepWithRetry StepName="S" Command="touch ran" Timeout="soon" />""" },
        { "KIN0001", "Timeout", """<RunStepWithRetry StepName="S" Command="touch ran" Timeout="0" />""" },
        { "KIN0001", "Properties", """<RunStepWithRetry StepName="S" Projects="x.proj" Properties="A=1;B" />""" },
        { "KIN0001", "60d", """<RunStepWithRetry StepName="S" Command="touch ran" Timeout="60d" />""" },
        { "KIN0001", "60d", """<RunStepWithRetry StepName="S" Command="touch ran" RetryDelay="60d" MaxRetryDelay="1s" />""" },
        { "KIN0001", "often", """<RunStepWithRetry StepName="S" Command="touch ran" RetryExitCodes="often" />""" },
        { "KIN0001", "JUST_A_NAME", """<RunStepWithRetry StepName="S" Command="touch ran" Environment="JUST_A_NAME" />""" },
        { "KIN4003", "no-such-program", """<RunStepWithRetry StepName="S" Arguments="no-such-program;x" />""" },
        { "KIN4001", "127", """<RunStepWithRetry StepName="S" Command="no-such-program x" />""" },
        { "KIN4004", "nowhere", """<RunStepWithRetry StepName="S" Command="touch ran" WorkingDirectory="nowhere" />""" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wrong_input_is_one_coded_error_and_changes_nothing(string code, string culprit, string task)
    {
        using WorkflowProject project = Prepare($"""<Target Name="Run">{task}</Target>""");
        Dictionary<string, string> before = Contents(project);

        DotNetResult result = project.Build("-t:Run");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([code], result.Errors);
        Assert.Contains(culprit, result.Output);
        Assert.DoesNotContain("top-secret-text", result.Output);
        Assert.Equal(before, Contents(project));
    }

    [Theory]
    [InlineData("KinetraMaxAttempts", "0")]
    [InlineData("KinetraMaxAttempts", "three")]
    [InlineData("KinetraMaxAttempts", "")]
    [InlineData("KinetraRetryDelay", "")]
    [InlineData("KinetraWorkflow", "")]
    [InlineData("KinetraStateDirectory", "")]
    [InlineData("KinetraLogDirectory", "")]
    [InlineData("KinetraBackupDirectory", "")]
    [InlineData("KinetraMaxRetryDelay", "50d")]
    [InlineData("KinetraRetryDelay", "soon")]
    [InlineData("KinetraMaxRetryDelay", "-1s")]
    [InlineData("KinetraGracePeriod", "a bit")]
    [InlineData("KinetraBackupKeep", "all")]
    [InlineData("KinetraBackupMaxAge", "old")]
    [InlineData("KinetraLogKeep", "0")]
    [InlineData("KinetraDebug", "yes")]
    [InlineData("KinetraEnableBackups", "on")]
    [InlineData("KinetraEnableChecksums", "1")]
    [InlineData("KinetraEnabled", "ja")]
    public void A_property_that_cannot_be_parsed_is_one_error_that_names_it_before_anything_runs(string property, string value)
    {
        using WorkflowProject project = Prepare("""<Target Name="Run"><RunStepWithRetry StepName="S" Command="touch ran" /></Target>""");
        Dictionary<string, string> before = Contents(project);

        DotNetResult result = project.Build($"-p:{property}={value}");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN0001"], result.Errors);
        Assert.Contains($"{property}: \"{value}\"", result.Output);
        Assert.Equal(before, Contents(project));
    }

    [Fact]
    public void An_unwritable_state_directory_is_an_error()
    {
        using WorkflowProject project = Prepare("""<Target Name="Run"><RunStepWithRetry StepName="S" Command="touch ran" /></Target>""");

        DotNetResult result = project.Build("-p:KinetraStateDirectory=known");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN9001"], result.Errors);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    // More than once, as the run may be writing just then, and make the directory anew.
    [Theory]
    [InlineData("""<Target Name="Run"><RunStepWithRetry StepName="first" Command="true" /><RunStepWithRetry StepName="spoil" Command="until [ -f .workflow_state ]; do rm -rf .workflow_state; touch .workflow_state; done; sleep 0.5" /><RunStepWithRetry StepName="behind" Command="touch ran" /></Target>""", "Run")]
    [InlineData("""<ItemGroup><KinetraStep Include="first" Command="true" /><KinetraStep Include="spoil" Command="until [ -f .workflow_state ]; do rm -rf .workflow_state; touch .workflow_state; done; sleep 0.5" DependsOn="first" /><KinetraStep Include="beside1;beside2" Command="sleep 1" DependsOn="first" /><KinetraStep Include="behind;behind2" Command="touch ran" DependsOn="spoil;beside1;beside2" /></ItemGroup>""", "")]
    public void A_state_that_cannot_be_written_any_more_in_mid_run_is_one_error_that_names_it_and_the_step(string body, string targets)
    {
        using WorkflowProject project = new(body, targets);

        DotNetResult result = project.Build("-p:KinetraMaxParallel=4");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN9001"], result.Errors);
        Assert.Matches("""Step "(spoil|beside1|beside2)" could not be recorded. The state of run .*\.workflow_state/""", result.Output);
        Assert.False(File.Exists(project.Folder["ran"]));
    }

    [Fact]
    public void A_state_that_cannot_be_written_any_more_fails_the_build_though_its_step_may_fail()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="first" Command="true" /><RunStepWithRetry StepName="spoil" Command="until [ -f .workflow_state ]; do rm -rf .workflow_state; touch .workflow_state; done; sleep 0.5" ContinueOnError="true" /></Target>""", "Run");

        DotNetResult result = project.Build();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN9001"], result.Errors);
    }

    [Fact]
    public void Accepting_a_file_needs_its_name()
    {
        using WorkflowProject project = Prepare("");

        DotNetResult result = project.Build("-t:KinetraAcceptFile");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["KIN0001"], result.Errors);
        Assert.Contains("KinetraFile", result.Output);
    }

    [Fact]
    public void A_workflow_without_targets_says_so()
    {
        using WorkflowProject project = new("", "");

        DotNetResult result = project.Build();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["KIN5003"], result.Warnings);
        Assert.Empty(project.Build("-p:NoWarn=KIN5003").Warnings);
        Assert.Equal(1, project.Build("-p:WarningsAsErrors=KIN5003").ExitCode);
    }

    [Fact]
    public void A_task_outside_the_SDK_says_what_is_missing()
    {
        using TempFolder folder = new();
        folder.Write("plain.proj", $"""
            <Project>
              <UsingTask TaskName="AtomicWriteFile" AssemblyFile="{Repository.PathTo("tasks", "net10.0", "Kinetra.Build.Tasks.dll")}" />
              <Target Name="Build"><AtomicWriteFile File="a" Content="x" /></Target>
            </Project>
            """);

        DotNetResult result = DotNet.Run(folder.Root, ["build", "plain.proj"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("KIN0002", result.Errors);
        Assert.Equal(["plain.proj"], folder.Files());
    }

    private static WorkflowProject Prepare(string body)
    {
        WorkflowProject project = new(body);
        project.Write("known", "known content");
        project.Write("corrupt", "x");
        project.Write("backed", "current");
        project.Write("other/file", "current");
        project.Write(".env", "TOKEN=your_token_here\n");
        project.Write("bad.env", "TOKEN=fine\ntop-secret-text\n");
        Directory.CreateDirectory(project.Folder["folder"]);
        project.Write(".workflow_state/corrupt.checksum", "not a checksum");
        project.Write("data/backups/workflow/backed.20260101_000000.bak", "damaged");
        project.Write("data/backups/workflow/manifest.journal", """
            kinetra-backups 1
            000000c9 268d2032 {"add":{"sequence":1,"file":"backed","backup":"backed.20260101_000000.bak","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":7,"timestamp":"2026-01-01T00:00:00+00:00"}}

            """);
        project.Write("data/backups/workflow/other/manifest.journal", "kinetra-backups 99\n");
        return project;
    }

    // All that a user could miss or find: every file but locks and the traces of the run itself.
    private static Dictionary<string, string> Contents(WorkflowProject project) =>
        project.Folder.Files()
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.StartsWith("logs/", StringComparison.Ordinal))
            .Where(file => !Regex.IsMatch(file, @"^\.workflow_state/\d{8}_\d{6}") || file.Contains("20260101_000000", StringComparison.Ordinal))
            .ToDictionary(file => file, project.Folder.Read);
}
