using System.Text.Json;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Reports;

/// <summary>The report that a real build leaves.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_failed_run_leaves_one_that_the_result_line_names()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new(
            """
            <PropertyGroup><KinetraSecretVariables>TOKEN</KinetraSecretVariables></PropertyGroup>
            <Target Name="Run">
              <RunStepWithRetry StepName="First" Command="true" />
              <RunStepWithRetry StepName="Load" Command="echo token $TOKEN; echo no such table; exit 3" MaxAttempts="2" />
            </Target>
            """);

        DotNetResult result = DotNet.Run(project.Folder.Root, ["build", "master.proj"], new Dictionary<string, string?> { ["TOKEN"] = "hunter2-hunter2" });

        Assert.Equal(1, result.ExitCode);
        string file = ReportOf(project);
        Assert.Contains($"  master -> {file}\n", result.Output);
        Assert.Contains($"  Log: {Path.Join("logs/workflow", Path.GetFileNameWithoutExtension(file))}.log\n", result.Output);
        JsonElement data = Data(file);
        Assert.Equal("failed", data.GetProperty("run").GetProperty("status").GetString());
        JsonElement load = data.GetProperty("steps")[1];
        Assert.Equal("token ***\nno such table", load.GetProperty("log_tail").GetString());
        Assert.Equal(2, load.GetProperty("attempt_times").GetArrayLength());
        Assert.Equal("dotnet build master.proj -p:KinetraResume=true", data.GetProperty("resume_command").GetString());
        Assert.False(data.TryGetProperty("graph", out _));
        Assert.DoesNotContain("hunter2", File.ReadAllText(file));
    }

    [Fact]
    public void The_run_that_continues_it_has_its_own_with_the_past_of_both()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new("""
            <Target Name="Run">
              <RunStepWithRetry StepName="First" Command="true" />
              <RunStepWithRetry StepName="Load" Command="test -e good" MaxAttempts="1" />
            </Target>
            """);
        Assert.Equal(1, project.Build().ExitCode);
        string first = ReportOf(project);
        project.Write("good", "");

        Assert.Equal(0, project.Build("-p:KinetraResume=true").ExitCode);

        JsonElement data = Data(ReportOf(project));
        Assert.True(File.Exists(first));
        Assert.Equal("completed", data.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal("failed", Assert.Single(data.GetProperty("runs").EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("resume_command").ValueKind);
        Assert.True(data.GetProperty("steps")[0].TryGetProperty("resumed_from", out _));
        Assert.Single(data.GetProperty("steps")[0].GetProperty("history").EnumerateArray());
    }

    [Fact]
    public void A_graph_that_is_run_in_parallel_is_in_it_with_what_each_step_waited_for()
    {
        using WorkflowProject project = new(
            """
            <PropertyGroup><KinetraMaxParallel>2</KinetraMaxParallel></PropertyGroup>
            <ItemGroup>
              <KinetraStep Include="a" Command="echo a" />
              <KinetraStep Include="b" Command="echo b" />
              <KinetraStep Include="c" Command="echo c" DependsOn="a;b" />
            </ItemGroup>
            <Target Name="Run">
              <RunWorkflow Steps="@(KinetraStep)"><Output TaskParameter="ReportFile" PropertyName="Report" /></RunWorkflow>
              <Message Importance="high" Text="report: $(Report)" />
            </Target>
            """,
            targets: "");

        // Not through Build: the run ends with the build.
        DotNetResult result = project.Build("-t:Run");
        Assert.True(result.ExitCode == 0, result.ToString());
        string file = ReportOf(project);
        Assert.Contains($"report: {Path.Join("logs/workflow", Path.GetFileName(file))}", result.Output);
        JsonElement data = Data(file);
        Assert.Equal(["a", "b", "c"], data.GetProperty("graph").GetProperty("nodes").EnumerateArray().Select(node => node.GetString()));
        Assert.Equal(["0 2", "1 2"], data.GetProperty("graph").GetProperty("edges").EnumerateArray().Select(edge => $"{edge[0]} {edge[1]}").Order());
        Assert.Equal("c", data.GetProperty("run").GetProperty("timing").GetProperty("critical_path").EnumerateArray().Last().GetString());
    }

    [Fact]
    public void It_can_be_switched_off_and_a_wrong_word_for_that_is_an_error()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="a" Command="echo a" /></Target>""");

        DotNetResult off = project.Build("-p:KinetraReport=false");
        Assert.Equal(0, off.ExitCode);
        Assert.Empty(Reports(project));
        Assert.Contains($"  master -> {project.Folder[project.State().Root.GetProperty("log_file").GetString()!]}\n", off.Output);

        DotNetResult wrong = project.Build("-p:KinetraReport=maybe");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Equal(["KIN0001"], wrong.Errors);
    }

    [Fact]
    public void One_that_cannot_be_written_is_a_warning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are written for sh.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="a" Command="mkdir logs/workflow/workflow_$KINETRA_WORKFLOW_ID.html" /></Target>""");

        DotNetResult result = project.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN9005"], result.Warnings);
        Assert.Equal("completed", project.State().Status);
        Assert.Contains("KIN9005", project.Log());
        Assert.Contains($"  master -> {project.Folder[project.State().Root.GetProperty("log_file").GetString()!]}\n", result.Output);
    }

    [Fact]
    public void A_build_that_is_told_to_stop_leaves_one_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs signals.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="long" Command="touch here; exec sleep 300" /></Target>""");
        using RunningDotNet build = project.Start();
        project.WaitFor("here");

        build.Signal(15);

        Assert.Equal(1, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
        JsonElement data = Data(ReportOf(project));
        Assert.Equal("interrupted", data.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal("interrupted", data.GetProperty("steps")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void Clean_removes_reports_and_nothing_else_beside_them()
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="a" Command="echo a" /></Target>""");
        Assert.Equal(0, project.Build().ExitCode);
        project.Write("logs/workflow/workflow_notes.html", "");
        string[] before = [.. project.Folder.Files().Where(file => file.StartsWith("logs/", StringComparison.Ordinal))];
        string report = Path.GetRelativePath(project.Folder.Root, ReportOf(project)).Replace('\\', '/');

        Assert.Equal(0, project.Build("-t:Clean").ExitCode);

        Assert.Equal(before.Except([report]), project.Folder.Files().Where(file => file.StartsWith("logs/", StringComparison.Ordinal)));
    }

    private static string[] Reports(WorkflowProject project) => Directory.GetFiles(project.Folder["logs/workflow"], "*.html");

    private static string ReportOf(WorkflowProject project) => Path.ChangeExtension(project.Folder[project.State().Root.GetProperty("log_file").GetString()!], ".html");

    private static JsonElement Data(string file)
    {
        string page = File.ReadAllText(file);
        const string Begin = "id=\"data\">";
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return JsonDocument.Parse(page[from..page.IndexOf("</script", from, StringComparison.Ordinal)]).RootElement;
    }
}
