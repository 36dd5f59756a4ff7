using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed class DoctorTests(RecordedProject project)
{
    [Fact]
    public void All_is_well_and_nothing_is_left_behind()
    {
        string before = string.Join('\n', project.Folder.Files());
        ToolResult result = Tool.Run(project.Folder, "doctor", "--json");
        result.Expect(0);
        Assert.True(result.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(["SDK", "project", "state", "logs", "backups", "locks", "runs", "running", "clock", "disk"], result.Json.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.Equal(before, string.Join('\n', project.Folder.Files()));
        Assert.Contains("2 recorded, all readable", Tool.Run(project.Folder, "doctor").Expect(0));
    }

    [Fact]
    public void What_is_wrong_is_found()
    {
        using WorkflowProject sick = new("""<Target Name="Run"><RunStepWithRetry StepName="Step" Command="true" /></Target>""");
        Assert.Equal(0, sick.Build().ExitCode);
        string journal = Path.ChangeExtension(sick.StateFile(), ".journal");
        File.Copy(journal, sick.Folder[".workflow_state/20200101_000000.journal"]);
        sick.Write("not-a-directory", "");

        ToolResult result = Tool.Run(sick.Folder, "doctor", "--json", "-p", "KinetraLogDirectory=not-a-directory");
        result.Expect(1);
        Dictionary<string, string> checks = result.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => $"{check.GetProperty("status")} {check.GetProperty("code")}");
        Assert.Equal("error ", checks["logs"]);
        Assert.Equal("warning KIN9002", checks["runs"]);

        using TempFolder empty = new();
        Assert.Contains("KIN6003", Tool.Run(empty, "doctor").Expect(1));
    }
}
