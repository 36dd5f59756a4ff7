using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class EnvTests
{
    private const string Body = """
        <PropertyGroup><KinetraEnvironmentFile>.env</KinetraEnvironmentFile></PropertyGroup>
        <Target Name="Run"><CheckCredentials Required="API_TOKEN" /><RunStepWithRetry StepName="Use" Command="test &quot;$API_TOKEN&quot; = &quot;it's &quot;" MaxAttempts="1" /></Target>
        """;

    [Fact]
    public void The_command_that_CheckCredentials_names_sets_the_credential_so_that_the_build_passes()
    {
        using WorkflowProject project = new(Body);
        GitCommand.Run(project.Folder.Root, "init", "-q");
        DotNetResult build = project.Build();
        Assert.Equal(["KIN2010"], build.Errors);
        string line = build.Output.Split('\n').First(line => line.Contains("kinetra env set", StringComparison.Ordinal));
        string command = System.Text.RegularExpressions.Regex.Match(line, "kinetra (env set .*?) \\(the tool").Groups[1].Value;

        Tool.Run(project.Folder.Root, "it's \n", command.Split(' ')).Expect(0);

        Assert.Equal("API_TOKEN=\"it's \"\n", project.Folder.Read(".env"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(project.Folder[".env"]));
        }

        Assert.Contains("/.env", project.Folder.Read(".gitignore").Split('\n'));
        Assert.Contains(".workflow_state/.env.checksum", project.Folder.Files());
        build = project.Build();
        Assert.True(build.ExitCode == 0, build.ToString());
    }

    [Fact]
    public void A_change_keeps_the_rest_of_the_file_backs_it_up_and_is_read_back()
    {
        using WorkflowProject project = new(Body);
        project.Write(".env", "# mine\nexport A=1 # one\nB='x y'\nA=2");
        JsonElement set = Json(project, "3\n", "env", "set", "A", "--json");
        Assert.False(set.GetProperty("added").GetBoolean());
        Assert.Equal("# mine\nexport A=1 # one\nB='x y'\nA=3", project.Folder.Read(".env"));
        Assert.Equal("# mine\nexport A=1 # one\nB='x y'\nA=2", File.ReadAllText(project.Folder[set.GetProperty("backup").GetString()!]));

        Assert.Equal("3\n", Tool.Run(project.Folder, "env", "get", "A").Expect(0));
        Assert.Equal("x y", Json(project, "", "env", "get", "B", "--json").GetProperty("value").GetString());
        Assert.Contains("Did you mean \"A\"?", Tool.Run(project.Folder, "env", "get", "a").Error(1, "KIN2010"));
    }

    [Fact]
    public void What_was_changed_behind_the_back_of_the_workflow_is_not_accepted_by_the_way()
    {
        using WorkflowProject project = new(Body);
        Tool.Run(project.Folder.Root, "1", "env", "set", "A").Expect(0);
        File.AppendAllText(project.Folder[".env"], "EVIL=1\n");
        Assert.Contains("KinetraAcceptFile", Tool.Run(project.Folder.Root, "2", "env", "set", "A").Error(1, "KIN2002"));
        Assert.Equal("A=1\nEVIL=1\n", project.Folder.Read(".env"));
        Assert.Contains("KIN2002", Tool.Run(project.Folder, "env", "check").Expect(1));
    }

    [Fact]
    public void A_check_finds_what_is_wrong_and_shows_no_value()
    {
        using WorkflowProject project = new(Body);
        GitCommand.Run(project.Folder.Root, "init", "-q");
        project.Write(".env", "TOKEN=changeme\nGOOD=s3cret-value\n");
        ToolResult result = Tool.Run(project.Folder, "env", "check", "TOKEN", "GOOD", "MISSING", "--json");
        result.Expect(1);
        Assert.DoesNotContain("s3cret", result.Output);
        Dictionary<string, string> checks = result.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => $"{check.GetProperty("status")} {check.GetProperty("code")}");
        Assert.Equal("error KIN2011", checks["TOKEN"]);
        Assert.Equal("error KIN2010", checks["MISSING"]);
        Assert.Equal("ok ", checks["GOOD"]);
        Assert.Equal("error ", checks["mode"]);
        Assert.Equal("error KIN1008", checks["git"]);
    }

    [Fact]
    public void At_a_terminal_the_value_is_asked_for_and_not_shown()
    {
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new(Body);
        using Terminal terminal = new(project.Folder.Root);
        terminal.Type($"{Tool.Program} env set API_TOKEN");
        terminal.WaitFor(screen => screen.Contains("Value of API_TOKEN (it is not shown):", StringComparison.Ordinal));
        terminal.Type("s3cret-typed");
        string screen = terminal.WaitFor(screen => screen.Contains("API_TOKEN added to .env", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", screen);
        Assert.Equal("API_TOKEN=s3cret-typed\n", project.Folder.Read(".env"));
    }

    private static JsonElement Json(WorkflowProject project, string input, params string[] arguments)
    {
        ToolResult result = Tool.Run(project.Folder.Root, input, arguments);
        result.Expect(0);
        return result.Json;
    }
}
