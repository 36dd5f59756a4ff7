using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>A credentials file that a task writes is ignored by git, or the build says which line to add.</summary>
public sealed class GitIgnoreTests
{
    private const string Write = """<AtomicWriteFile File="config/.env" Content="A=1" />""";
    private const string WriteIgnored = """<AtomicWriteFile File="config/.env" Content="A=1" GitIgnore="true" />""";

    public GitIgnoreTests() => Assert.SkipUnless(GitCommand.IsInstalled, "git is not installed.");

    [Fact]
    public void A_credentials_file_that_is_not_ignored_is_a_warning_with_the_line_until_the_task_adds_it()
    {
        using WorkflowProject project = InRepository(Write);

        DotNetResult result = Build(project);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["KIN1008"], result.Warnings);
        Assert.Contains(".gitignore yourself: /config/.env", result.Output);
        Assert.Contains("config/.env", Status(project));
        Assert.Equal("A=1", project.Folder.Read("config/.env"));
        Assert.False(File.Exists(project.Folder[".gitignore"]));

        project.Write("master.proj", Project(WriteIgnored + WriteIgnored));
        result = Build(project);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Warnings);
        Assert.Equal("/config/.env\n", project.Folder.Read(".gitignore"));
        Assert.DoesNotContain("config/.env", Status(project));

        project.Write("master.proj", Project(Write + """<RestoreBackup File="config/.env" />"""));
        Assert.Empty(Build(project).Warnings);
    }

    [Fact]
    public void A_restored_one_is_a_warning_and_an_environment_file_of_any_name_counts()
    {
        using WorkflowProject project = InRepository("""<BackupFile Files="prod.vars" /><RestoreBackup File="prod.vars" />""");
        project.Write("prod.vars", "A=1");

        Assert.Empty(Build(project).Warnings);
        DotNetResult result = Build(project, "-p:KinetraEnvironmentFile=prod.vars");

        Assert.Equal(["KIN1008"], result.Warnings);
        Assert.Contains("yourself: /prod.vars", result.Output);
    }

    [Fact]
    public void A_tracked_file_is_a_warning_even_if_the_line_is_added()
    {
        using WorkflowProject project = InRepository(WriteIgnored);
        project.Write("config/.env", "A=0");
        GitCommand.Run(project.Folder.Root, "add", "config/.env");
        GitCommand.Run(project.Folder.Root, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");

        DotNetResult result = Build(project);

        Assert.Equal(["KIN1008"], result.Warnings);
        Assert.Contains("git rm --cached config/.env", result.Output);
        Assert.Equal("/config/.env\n", project.Folder.Read(".gitignore"));
        GitCommand.Run(project.Folder.Root, "rm", "-q", "--cached", "config/.env");
        Assert.Empty(Build(project).Warnings);
    }

    [Fact]
    public void A_private_file_with_special_characters_in_its_path_is_ignored_and_nothing_else()
    {
        using WorkflowProject project = InRepository("""<AtomicWriteFile File="#1 %2A[x]/key*! .pem" Content="x" UnixMode="0600" GitIgnore="true" />""");
        project.Write(".gitignore", "bin/\r\nobj/");
        project.Write("#1 ax/key! .pem", "another");

        DotNetResult result = Build(project);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Warnings);
        Assert.Equal("bin/\r\nobj/\r\n/#1 \\*\\[x]/key\\*! .pem\r\n", project.Folder.Read(".gitignore"));
        Assert.DoesNotContain("key*!", Status(project));
        Assert.Contains("key! .pem", Status(project));
    }

    [Fact]
    public void A_gitignore_that_cannot_be_written_stops_the_write()
    {
        using WorkflowProject project = InRepository(WriteIgnored);
        Directory.CreateDirectory(project.Folder[".gitignore"]);

        DotNetResult result = Build(project);

        Assert.Equal(["KIN1002"], result.Errors);
        Assert.False(File.Exists(project.Folder["config/.env"]));
    }

    [Fact]
    public void Outside_of_a_repository_nothing_is_written_and_a_message_says_so()
    {
        using WorkflowProject project = new(Target(Write + WriteIgnored));

        DotNetResult result = Build(project, "-v:n");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Warnings);
        Assert.Contains("config/.env is in no git work tree", result.Output);
        Assert.False(File.Exists(project.Folder[".gitignore"]));
    }

    private static WorkflowProject InRepository(string tasks)
    {
        WorkflowProject project = new(Target(tasks));
        GitCommand.Run(project.Folder.Root, "init", "-q");
        return project;
    }

    private static DotNetResult Build(WorkflowProject project, params string[] arguments) =>
        DotNet.Run(project.Folder.Root, ["build", "master.proj", .. arguments], GitCommand.Environment);

    private static string Status(WorkflowProject project) => GitCommand.Run(project.Folder.Root, "status", "--porcelain", "-uall", "-z");

    private static string Project(string tasks) => WorkflowProject.Xml(Target(tasks));

    private static string Target(string tasks) => $"""<Target Name="Run">{tasks}</Target>""";
}
