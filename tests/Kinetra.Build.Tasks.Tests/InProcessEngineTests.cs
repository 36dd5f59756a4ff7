using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Tasks.Tests;

/// <summary>Several builds in one process: what an editor and the build server do, and where statics would be found out.</summary>
[Collection("engine")]
public sealed class InProcessEngineTests
{
    [Fact]
    public void Builds_in_one_process_are_runs_of_their_own_and_each_is_closed_at_its_end()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="One" Command="true" /></Target>""");

        Assert.True(Engine.Build(project).Succeeded);
        Assert.True(Engine.Build(project).Succeeded);
        Assert.True(Engine.Build(project, "Run").Succeeded);

        string[] states = [.. project.Folder.Files().Where(file => file.EndsWith(".json", StringComparison.Ordinal))];
        Assert.Equal(3, states.Length);
        Assert.All(states, file => Assert.Equal("completed", RunState.Read(project.Folder[file]).Status));
    }

    [Fact]
    public void Files_are_written_verified_and_restored_through_the_engine()
    {
        using WorkflowProject project = new("""
            <Target Name="Run">
              <AtomicWriteFile File="a/b.txt" Content="one;two" UnixMode="0640"><Output TaskParameter="Sha256" PropertyName="Sha" /></AtomicWriteFile>
              <AtomicWriteFile File="a/b.txt" Lines="one;two"><Output TaskParameter="BackupPath" PropertyName="Backup" /><Output TaskParameter="Changed" PropertyName="Changed" /></AtomicWriteFile>
              <BackupFile Files="a/b.txt"><Output TaskParameter="Backups" ItemName="Made" /></BackupFile>
              <VerifyChecksum Files="a/b.txt"><Output TaskParameter="IsValid" PropertyName="Valid" /></VerifyChecksum>
              <RestoreBackup File="a/b.txt" Backup="$(Backup)"><Output TaskParameter="RestoredFrom" PropertyName="From" /><Output TaskParameter="Sha256" PropertyName="Restored" /></RestoreBackup>
              <Message Text="[$(Changed)|$(Valid)|@(Made->'%(OriginalPath)')|$(From)]" Importance="high" />
              <Error Text="another content" Condition="'$(Sha)' != '$(Restored)'" />
            </Target>
            """);

        EngineResult result = Engine.Build(project, "Run");

        Assert.True(result.Succeeded, string.Join('\n', result.Errors.Select(error => error.Message)));
        Assert.Equal("one;two", project.Folder.Read("a/b.txt"));
        Assert.Contains(result.Messages, message => message.Message!.StartsWith("[True|True|a/b.txt|data/backups/workflow/a/b.txt.", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(project.Folder["a/b.txt"]));
        }
    }

    [Fact]
    public void A_restore_warns_of_hard_links_as_a_write_does()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs ln.");
        using WorkflowProject project = new("""
            <Target Name="Run">
              <AtomicWriteFile File="a.txt" Content="1" />
              <AtomicWriteFile File="a.txt" Content="2" />
              <Exec Command="ln a.txt b.txt" />
              <RestoreBackup File="a.txt" />
              <Exec Command="echo x >> a.txt; ln a.txt c.txt" />
              <VerifyChecksum Files="a.txt" OnMismatch="Restore" />
            </Target>
            """);

        EngineResult result = Engine.Build(project, "Run");

        Assert.True(result.Succeeded, string.Join('\n', result.Errors.Select(error => error.Message)));
        Assert.Equal(["KIN1007", "KIN2006", "KIN1007"], result.Warnings.Select(warning => warning.Code));
        Assert.All(result.Warnings.Where(warning => warning.Code == "KIN1007"), warning => Assert.StartsWith("a.txt was restored, but the file that it replaced has 1 more name (hard links)", warning.Message));
    }

    [Fact]
    public void A_backup_of_a_changed_file_is_made_with_a_warning_unless_checksums_are_off()
    {
        using WorkflowProject project = new("""
            <PropertyGroup><KinetraEnableChecksums>$([System.IO.File]::Exists('on').ToString().ToLowerInvariant())</KinetraEnableChecksums></PropertyGroup>
            <Target Name="Run"><BackupFile Files="a.txt"><Output TaskParameter="Backups" ItemName="Made" /></BackupFile></Target>
            <Target Name="Record"><VerifyChecksum Files="a.txt" /></Target>
            """.Replace("'on'", $"'$(MSBuildProjectDirectory)/on'"));
        project.Write("on", "");
        project.Write("a.txt", "1");
        Assert.True(Engine.Build(project, "Record").Succeeded);
        Assert.Empty(Engine.Build(project, "Run").Warnings);
        project.Write("a.txt", "changed");

        EngineResult result = Engine.Build(project, "Run");
        Assert.True(result.Succeeded);
        Assert.Equal("KIN2015", Assert.Single(result.Warnings).Code);
        Assert.Equal(2, project.Folder.Files().Count(file => file.EndsWith(".bak", StringComparison.Ordinal)));

        File.Delete(project.Folder["on"]);
        Assert.Empty(Engine.Build(project, "Run").Warnings);
        Assert.Equal(3, project.Folder.Files().Count(file => file.EndsWith(".bak", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_remedy_of_a_changed_file_names_the_project()
    {
        using WorkflowProject project = new("""<Target Name="Run"><VerifyChecksum Files="a.txt" /></Target>""");
        project.Write("a.txt", "1");
        Assert.True(Engine.Build(project, "Run").Succeeded);
        project.Write("a.txt", "changed");

        Microsoft.Build.Framework.BuildErrorEventArgs error = Assert.Single(Engine.Build(project, "Run").Errors);
        Assert.Equal("KIN2002", error.Code);
        Assert.Contains("dotnet build master.proj -t:KinetraAcceptFile -p:KinetraFile=a.txt", error.Message);
    }

    [Fact]
    public void An_error_has_a_code_a_place_and_a_help_page_that_exists()
    {
        using WorkflowProject project = new("""<Target Name="Run"><VerifyChecksum Files="missing" /></Target>""");

        EngineResult result = Engine.Build(project, "Run");

        Microsoft.Build.Framework.BuildErrorEventArgs error = Assert.Single(result.Errors);
        Assert.Equal("KIN2001", error.Code);
        Assert.Equal("Kinetra.Build.KIN2001", error.HelpKeyword);
        Assert.True(error.LineNumber > 0);
        Assert.True(File.Exists(new Uri(error.HelpLink!).LocalPath), error.HelpLink);
    }
}
