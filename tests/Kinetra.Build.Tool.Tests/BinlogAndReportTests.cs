using System.Text.Json;
using System.Text.RegularExpressions;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

public sealed partial class BinlogAndReportTests(RecordedProject project)
{
    [Fact]
    public void A_binlog_alone_has_the_page_that_status_prints_and_the_summary_that_the_build_printed()
    {
        using TempFolder elsewhere = new();
        File.Copy(project.Folder["msbuild.binlog"], elsewhere["other.binlog"]);
        string page = Tool.Run(elsewhere, "binlog", "other.binlog").Expect(0);
        Assert.StartsWith($"master · run {project.Runs[1]} · completed after ", page);
        Assert.Equal(WithoutAge(Tool.Run(project.Folder, "status").Expect(0)), WithoutAge(page));

        JsonElement run = Assert.Single(Tool.Run(elsewhere, "binlog", "other.binlog", "--json").Json.GetProperty("runs").EnumerateArray());
        Assert.Equal(project.Runs[1], run.GetProperty("workflow_id").GetString());
        Assert.Equal(
            ["count: completed 0", "download: completed 0", "load [red]data: completed 1", "optional: failed 1", "publish: completed 1"],
            run.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name")}: {step.GetProperty("status")} {step.GetProperty("attempts")}").Order());

        // The log of the run has the same lines, behind time and level.
        string[] lines = [.. run.GetProperty("summary").EnumerateArray().Select(line => line.GetString()!)];
        string[] log = File.ReadAllLines(project.Folder[$"logs/workflow/workflow_{project.Runs[1]}.log"]);
        Assert.Equal($"Workflow master ({project.Runs[1]}): completed", lines[0]);
        Assert.Equal("Performance Insights:", lines[1]);
        Assert.StartsWith("Total Duration: ", lines[^1]);
        Assert.All(lines, line => Assert.Contains(log, logged => logged.EndsWith(line, StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_a_large_run_that_failed_the_page_has_every_step_and_is_that_of_status()
    {
        // One behind the other: two that fail without failing the run, of which one is never tried; one that is tried twice; what comes behind the last one is skipped.
        Dictionary<int, string> other = new()
        {
            [7] = """Command="a=geh; echo ::add-mask::${a}eim123; echo it is ${a}eim123; exit 3" Critical="false" """,
            [20] = """Command="true" Inputs="none.txt" Critical="false" """,
            [25] = """Command="test $KINETRA_ATTEMPT = 2" """,
            [36] = """Command="exit 4" """,
        };
        string steps = string.Concat(Enumerable.Range(1, 45).Select(i => $"""<KinetraStep Include="s{i}" {other.GetValueOrDefault(i, "Command=\"true\"")} {(i > 1 ? $"DependsOn=\"s{i - 1}\"" : "")} />"""));
        using WorkflowProject large = new($"""
            <PropertyGroup><KinetraMaxAttempts>2</KinetraMaxAttempts></PropertyGroup>
            <Target Name="Run"><RunStepWithRetry StepName="twice" Command="true" /><RunStepWithRetry StepName="twice" Command="true" /></Target>
            <ItemGroup>{steps}</ItemGroup>
            """);
        Assert.Equal(1, large.Build("-bl").ExitCode);

        string page = Tool.Run(large.Folder, "binlog", "msbuild.binlog", "--all").Expect(1);

        Assert.All(["twice", "twice#2", .. Enumerable.Range(1, 45).Select(i => $"s{i}")], name => Assert.Matches($@"(?m)^[✓✗-]  {name} +(completed|failed|skipped) ", page));
        Assert.Matches(@"(?m)^✓  s25 +completed +.* 2( |$)", page);
        Assert.Matches(@"(?m)^✗  s20 +failed +\d+ ms +not critical$", page);
        Assert.Matches(@"(?m)^-  s45 +skipped +the critical step ""s36"" failed$", page);
        Assert.Contains("47 steps: 35 completed, 3 failed, 9 skipped.", page);
        Assert.Contains("  | it is ***", page);
        Assert.DoesNotContain("geheim123", page);
        Assert.EndsWith("\nTo continue where it stopped: dotnet build master.proj -p:KinetraResume=true\n", page);
        Assert.Equal(WithoutAge(Tool.Run(large.Folder, "status", "--all").Expect(1)), WithoutAge(page));

        string most = Tool.Run(large.Folder, "binlog", "msbuild.binlog").Expect(1);
        Assert.Contains("The 7 not listed took less time; --all lists them.", most);
        Assert.Equal(WithoutAge(Tool.Run(large.Folder, "status").Expect(1)), WithoutAge(most));
    }

    [Fact]
    public void Several_runs_in_a_binlog_follow_each_other_each_with_its_own_page()
    {
        using WorkflowProject several = new("""<Target Name="Run"><RunStepWithRetry StepName="one" Command="$(Do)" MaxAttempts="1" /></Target>""");
        several.Write("both.proj", """
            <Project>
              <Target Name="Build">
                <MSBuild Projects="master.proj" Targets="Build" Properties="KinetraWorkflow=first;Do=exit 3" ContinueOnError="true" />
                <MSBuild Projects="master.proj" Targets="Build" Properties="KinetraWorkflow=second;Do=true" />
              </Target>
            </Project>
            """);
        DotNet.Run(several.Folder.Root, ["msbuild", "both.proj", "-bl"]);

        string[] lines = Tool.Run(several.Folder, "binlog", "msbuild.binlog").Expect(1).Split('\n');

        Assert.StartsWith("first · run ", lines[0]);
        int second = Array.FindIndex(lines, line => line.StartsWith("second · run ", StringComparison.Ordinal));
        Assert.Equal("", lines[second - 1]);
        Assert.StartsWith("To continue where it stopped: ", lines[second - 2]);
        Assert.DoesNotContain(lines[second..], line => line.StartsWith("To continue", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_large_run_every_step_is_read_from_the_state_in_the_binlog()
    {
        // The summary has 30 rows, and one for all steps of a name; 23 steps of those that follow each other are not in it.
        using WorkflowProject large = new($$"""
            <Target Name="Run"><RunStepWithRetry StepName="twice" Command="true" /><RunStepWithRetry StepName="twice" Command="true" /></Target>
            <ItemGroup><EmbedInBinlog Include="other.json;no.json;late.json" />{{string.Concat(Enumerable.Range(1, 50).Select(i => $"""<KinetraStep Include="s{i}" Command="test $KINETRA_ATTEMPT = {(i == 7 ? 2 : 1)}" />"""))}}</ItemGroup>
            """);
        large.Write("other.json", """{"workflow_name": 1, "steps": []}""");
        large.Write("no.json", "{");
        large.Write("late.json", """{"workflow_name": "master", "workflow_id": "x", "status": "completed", "start_time": 1e300, "total_duration": 1, "steps": []}""");
        Assert.Equal(0, large.Build("-bl").ExitCode);
        using TempFolder elsewhere = new();
        File.Copy(large.Folder["msbuild.binlog"], elsewhere["large.binlog"]);

        JsonElement run = Assert.Single(Tool.Run(elsewhere, "binlog", "large.binlog", "--json").Json.GetProperty("runs").EnumerateArray());

        JsonElement[] steps = [.. run.GetProperty("steps").EnumerateArray()];
        Assert.True(run.GetProperty("from_state").GetBoolean());
        Assert.InRange(run.GetProperty("summary").GetArrayLength(), 30, 40);
        Assert.Equal(["twice", "twice#2", .. Enumerable.Range(1, 50).Select(i => $"s{i}")], steps.Select(step => step.GetProperty("name").GetString()).OrderBy(name => name![0] == 's').ThenBy(name => name!.Length).ThenBy(name => name, StringComparer.Ordinal));
        Assert.Equal(2, steps.Single(step => step.GetProperty("name").GetString() == "s7").GetProperty("attempts").GetInt32());
        JsonElement state = Tool.Run(large.Folder, "status", "--json").Json;
        Assert.Equal(state.GetProperty("total_duration").GetDouble(), run.GetProperty("total_duration").GetDouble(), 0.000_001);

        // So the run and its binlog are the same.
        JsonElement compared = Tool.Run(large.Folder, "compare", "last", "msbuild.binlog", "--json").Json;
        Assert.False(compared.GetProperty("different").GetBoolean());
        Assert.Equal(52, compared.GetProperty("steps").GetArrayLength());
        Assert.All(compared.GetProperty("steps").EnumerateArray(), step => Assert.Equal(0, step.GetProperty("duration_difference").GetDouble(), 0.000_01));
    }

    [Fact]
    public void A_run_that_took_steps_over_is_the_same_in_its_binlog()
    {
        JsonElement compared = Tool.Run(project.Folder, "compare", "last", "msbuild.binlog", "--json").Json;
        Assert.False(compared.GetProperty("different").GetBoolean());
        Assert.All(compared.GetProperty("steps").EnumerateArray(), step => Assert.True(JsonElement.DeepEquals(step.GetProperty("a").GetProperty("attempts"), step.GetProperty("b").GetProperty("attempts"))));
    }

    [Fact]
    public void Without_the_state_there_is_the_summary()
    {
        // The engine does not keep files for a binlog like this.
        using WorkflowProject plain = new("""<Target Name="Run"><RunStepWithRetry StepName="twice" Command="true" /><RunStepWithRetry StepName="twice" Command="true" /></Target>""");
        Assert.Equal(0, plain.Build("-bl:plain.binlog;ProjectImports=None").ExitCode);
        ToolResult shown = Tool.Run(plain.Folder, "binlog", "plain.binlog");
        Assert.StartsWith("Workflow master (", shown.Expect(0));
        Assert.Matches(@"(?m)^  twice .* completed × 2$", shown.Output);
        Assert.Contains("this is the summary", Assert.Single(shown.Errors.TrimEnd('\n').Split('\n')));
        JsonElement run = Assert.Single(Tool.Run(plain.Folder, "binlog", "plain.binlog", "--json").Json.GetProperty("runs").EnumerateArray());
        Assert.False(run.GetProperty("from_state").GetBoolean());
        Assert.Equal("twice", Assert.Single(run.GetProperty("steps").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void What_is_no_binlog_or_has_no_run_is_an_error()
    {
        using TempFolder folder = new();
        Tool.Run(folder, "binlog", "none.binlog").Error(3, "KIN6009");
        folder.Write("text.binlog", "no binlog");
        Tool.Run(folder, "binlog", "text.binlog").Error(3, "KIN6009");
        folder.Write("a.proj", """<Project><Target Name="Build" /></Project>""");
        Assert.Equal(0, DotNet.Run(folder.Root, ["msbuild", "a.proj", "-bl"]).ExitCode);
        Assert.Contains("no summary", Tool.Run(folder, "binlog", "msbuild.binlog").Error(3, "KIN6009"));
        File.WriteAllBytes(folder["cut.binlog"], File.ReadAllBytes(project.Folder["msbuild.binlog"])[..2000]);
        Tool.Run(folder, "binlog", "cut.binlog").Error(3, "KIN6009");
    }

    [Fact]
    public void Two_runs_or_binlogs_are_compared_step_by_step()
    {
        ToolResult result = Tool.Run(project.Folder, "compare");
        string output = result.Expect(1);
        Assert.Matches(@"(?m)^\(the run\) +failed +.* completed ", output);
        Assert.Matches(@"(?m)^load \[red\]data +failed +.* completed ", output);

        JsonElement json = Tool.Run(project.Folder, "compare", project.Runs[0], "msbuild.binlog", "--json").Json;
        Assert.True(json.GetProperty("different").GetBoolean());
        JsonElement load = json.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("name").GetString() == "load [red]data");
        Assert.Equal("failed", load.GetProperty("a").GetProperty("status").GetString());
        Assert.Equal("completed", load.GetProperty("b").GetProperty("status").GetString());
        Assert.Equal(1, load.GetProperty("b").GetProperty("attempts").GetInt32());

        Tool.Run(project.Folder, "compare", "last", "last").Expect(0);
        Tool.Run(project.Folder, "compare", "msbuild.binlog", "msbuild.binlog").Expect(0);
    }

    [Fact]
    public void The_report_is_named_if_there_is_one()
    {
        string report = $"logs/workflow/workflow_{project.Runs[0]}.html";
        bool wrote = !File.Exists(project.Folder[report]);
        if (wrote)
        {
            Assert.Contains(report, Tool.Run(project.Folder, "report", "previous").Error(3, "KIN6006"));
            project.Folder.Write(report, "<!doctype html>");
        }

        Assert.Equal(report + "\n", Tool.Run(project.Folder, "report", "previous").Expect(0));
        Assert.Equal(project.Folder[report], Tool.Run(project.Folder, "report", "previous", "--json").Json.GetProperty("report_file").GetString());
    }

    // How long ago the run began depends on when it is asked for.
    [GeneratedRegex(@"(?<= UTC), .* ago$", RegexOptions.Multiline)]
    private static partial Regex Age();

    private static string WithoutAge(string page) => Age().Replace(page, "");
}
