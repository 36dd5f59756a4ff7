using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary>Wrong input is one line with a code, the culprit and, where there is one, the name that was meant.</summary>
public sealed class UsageTests(RecordedProject project)
{
    [Theory]
    [InlineData("KIN6001", "\"status\"", "statsu")]
    [InlineData("KIN6001", "\"--json\"", "status --jsn")]
    [InlineData("KIN6001", "\"list\"", "backups lst")]
    [InlineData("KIN6001", "set, get, check", "env")]
    [InlineData("KIN6001", "mermaid", "graph --format png")]
    [InlineData("KIN6001", "--count", "history --count 0")]
    [InlineData("KIN6001", "--count", "history -n x")]
    [InlineData("KIN6001", "--attempt", "log --attempt 1")]
    [InlineData("KIN6001", "attempt 7", "log download --attempt 7 --run previous")]
    [InlineData("KIN6001", "--no-run", "graph --no-run --run last")]
    [InlineData("KIN6004", "1999", "status 1999")]
    [InlineData("KIN6004", "\"previous\"", "status prevoius")]
    [InlineData("KIN6004", "\"master\"", "status --workflow mastr")]
    [InlineData("KIN6005", "\"download\"", "log dwnload")]
    [InlineData("KIN6005", "\"download\"", "history downlod")]
    [InlineData("KIN6002", "nowhere", "status --state nowhere")]
    [InlineData("KIN6003", "\"master.proj\"", "graph --project mster.proj")]
    [InlineData("KIN6010", "kinetra env set TOKEN asks", "env set TOKEN=secret")]
    [InlineData("KIN6011", "TOKEN", "env set TOKEN")]
    [InlineData("KIN6001", "--keep", "backups prune")]
    [InlineData("KIN0001", "--keep", "backups prune --keep 0")]
    [InlineData("KIN0001", "--at", "backups restore x --at yesterday")]
    public void Wrong_usage_has_exit_code_2(string code, string text, string command)
    {
        string error = Tool.Run(project.Folder, command.Split(' ')).Error(2, code);
        Assert.Contains(text, error);
        Assert.DoesNotContain("secret", error);
    }

    [Fact]
    public void A_step_without_output_says_why()
    {
        Assert.Contains("skipped", Tool.Run(project.Folder, "log", "publish", "--run", "previous").Error(3, "KIN6006"));
    }

    [Fact]
    public void Without_a_project_and_without_runs_it_says_what_to_do()
    {
        using TempFolder empty = new();
        Assert.Contains("--project", Tool.Run(empty, "status").Error(2, "KIN6002"));
        Assert.Contains("--project", Tool.Run(empty, "graph").Error(2, "KIN6003"));

        empty.Write("a.proj", WorkflowProject.Xml("""<Target Name="Run" />"""));
        Assert.Contains("dotnet build", Tool.Run(empty, "status").Error(2, "KIN6002"));

        empty.Write("b.proj", "<Project />");
        Assert.Contains("a.proj, b.proj", Tool.Run(empty, "status").Error(2, "KIN6003"));
        Assert.Contains("does not use Kinetra.Build", Tool.Run(empty, "graph", "--project", "b.proj").Error(3, "KIN6007"));

        empty.Write("c.proj", "<Project>");
        Assert.Contains("c.proj", Tool.Run(empty, "graph", "--project", "c.proj").Error(3, "KIN6007"));
    }

    [Fact]
    public void A_damaged_journal_is_an_error_of_that_run_only()
    {
        using TempFolder copy = new();
        foreach (string file in project.Folder.Files().Where(file => file.StartsWith(".workflow_state/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy[file])!);
            File.Copy(project.Folder[file], copy[file]);
        }

        string newest = copy[$".workflow_state/{project.Runs[1]}.journal"];
        byte[] content = File.ReadAllBytes(newest);
        content[200] ^= 1;
        File.WriteAllBytes(newest, content);

        Tool.Run(copy, "status", project.Runs[1]).Error(3, "KIN9002");
        Assert.Contains(project.Runs[0], Tool.Run(copy, "status").Expect(1));
        ToolResult history = Tool.Run(copy, "history");
        Assert.Contains(project.Runs[0], history.Expect(0));
        Assert.Contains("kinetra: warning KIN9002: ", history.Errors);
    }

    [Fact]
    public void Help_lists_the_commands()
    {
        string help = Tool.Run(project.Folder).Expect(0);
        Assert.All((string[])["status", "watch", "run", "plan", "history", "log", "graph", "report", "compare", "binlog", "backups", "env", "doctor", "completion"], name => Assert.Matches($@"(?m)^  {name}\b", help));
    }
}
