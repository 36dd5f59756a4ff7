using System.Diagnostics;
using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class BackupsTests
{
    [Fact]
    public void Backups_are_listed_restored_verified_and_pruned()
    {
        using WorkflowProject project = new("""<Target Name="Run"><AtomicWriteFile File="config/app.txt" Content="$(Text)" /></Target>""");
        foreach (string text in (string[])["one", "two", "three", "four"])
        {
            Assert.Equal(0, project.Build("-p:Text=" + text).ExitCode);
        }

        string[] backups = Paths("list");
        Assert.Equal(["one", "two", "three"], backups.Select(path => project.Folder.Read(path)));
        Assert.Equal(4, Tool.Run(project.Folder, "backups", "list", "config/app.txt").Expect(0).TrimEnd().Split('\n').Length);
        Assert.Contains("Did you mean \"config/app.txt\"?", Tool.Run(project.Folder, "backups", "list", "config/ap.txt").Error(1, "KIN3003"));
        Assert.Contains("3 good, 0 bad", Tool.Run(project.Folder, "backups", "verify").Expect(0));

        Assert.Contains("restored from", Tool.Run(project.Folder, "backups", "restore", "config/app.txt", "--backup", backups[0]).Expect(0));
        Assert.Equal("one", project.Folder.Read("config/app.txt"));
        Tool.Run(project.Folder["config"], "", "backups", "restore", "app.txt", "--project", "..").Expect(0);
        Assert.Equal("three", project.Folder.Read("config/app.txt"));
        Assert.Contains("--backup and --at", Tool.Run(project.Folder, "backups", "restore", "x", "--at", "2026-01-01", "--backup", "y").Error(2, "KIN6001"));

        // What the restores replaced is counted by itself: of each kind the newest stays.
        string before = string.Join('\n', project.Folder.Files());
        Assert.Equal(3, Removed("--dry-run"));
        Assert.Equal(before, string.Join('\n', project.Folder.Files()));
        Assert.Equal(3, Removed());
        Assert.Equal([backups[2]], Paths("list").Where(backups.Contains));
        Assert.Equal(2, project.Folder.Files().Count(file => file.EndsWith(".bak", StringComparison.Ordinal)));
        Assert.Equal(0, Removed());

        // A build goes on where the tool has left off.
        Assert.Equal(0, project.Build("-p:Text=five").ExitCode);
        Assert.Equal(3, Paths("list").Length);

        File.AppendAllText(project.Folder[backups[2]], "x");
        ToolResult bad = Tool.Run(project.Folder, "backups", "verify");
        Assert.Contains("2 good, 1 bad", bad.Expect(1));
        Assert.Contains("kinetra: error KIN3004: ", bad.Errors);

        string[] Paths(string command) => [.. Tool.Run(project.Folder, "backups", command, "--json").Json.GetProperty("backups").EnumerateArray().Select(backup => backup.GetProperty("path").GetString()!)];
        int Removed(params string[] more) => Tool.Run(project.Folder, ["backups", "prune", "--keep", "1", "--json", .. more]).Json.GetProperty("removed").GetArrayLength();
    }

    [Fact]
    public void Other_names_of_a_file_that_is_replaced_are_warned_of()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ln makes the hard links.");
        using WorkflowProject project = new("""<Target Name="Run"><AtomicWriteFile File="a.txt" Content="$(Text)" /></Target>""");
        Assert.Equal(0, project.Build("-p:Text=one").ExitCode);
        Assert.Equal(0, project.Build("-p:Text=two").ExitCode);
        Link("a.txt", "b.txt");
        Assert.Contains("kinetra: warning KIN1007: a.txt was restored", Tool.Run(project.Folder, "backups", "restore", "a.txt").Errors);
        Assert.DoesNotContain("KIN1007", Tool.Run(project.Folder, "backups", "restore", "a.txt").Errors);

        project.Write(".env", "A=1\n");
        Link(".env", "copy.env");
        Assert.Contains("kinetra: warning KIN1007: .env was written", Tool.Run(project.Folder.Root, "2", "env", "set", "A").Errors);

        void Link(string existing, string name)
        {
            using Process ln = Process.Start("ln", [project.Folder[existing], project.Folder[name]]);
            ln.WaitForExit();
            Assert.Equal(0, ln.ExitCode);
        }
    }
}
