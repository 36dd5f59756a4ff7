using System.Diagnostics;
using System.Runtime.InteropServices;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary><c>kinetra run</c> is <c>dotnet build</c>: same exit code, same signals.</summary>
public sealed partial class RunTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_a_terminal_it_prints_what_the_build_prints(int code)
    {
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Step" Command="exit $(Code)" MaxAttempts="1" /></Target>""");
        string output = Tool.Run(project.Folder, "run", "master.proj", $"-p:Code={code}", "-v:n").Expect(code);
        Assert.Contains("Performance Insights:", output);
        Assert.Contains(code == 0 ? "Build succeeded." : "error KIN4001: ", output);

        ToolResult json = Tool.Run(project.Folder, "run", "--json", $"-p:Code={code}");
        json.Expect(code);
        Assert.Equal(code, json.Json.GetProperty("exit_code").GetInt32());
        Assert.Equal(code == 0 ? "completed" : "failed", json.Json.GetProperty("status").GetString());
        Assert.Contains("Performance Insights:", json.Errors);
        Assert.Contains("MSB1009", Tool.Run(project.Folder, "run", "nowhere.proj").Expect(1));
    }

    [Fact]
    public void On_a_terminal_it_shows_the_run_and_then_its_page()
    {
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new("""
            <Target Name="Run">
              <Warning Code="MY0001" Text="mind the gap" />
              <RunStepWithRetry StepName="Slow one" Command="echo on its way; while [ ! -e go ]; do sleep 0.05; done; exit 7" MaxAttempts="1" />
            </Target>
            """);
        using Terminal terminal = new(project.Folder.Root);
        terminal.Type($"{Tool.Program} run master.proj; echo code=$?");
        string screen = terminal.WaitFor(screen => screen.Contains("on its way", StringComparison.Ordinal));
        Assert.Contains("▸ Slow one", screen);
        project.Write("go", "");
        screen = terminal.WaitFor(screen => Terminal.HasEnded(screen) && screen.Contains("failed after", StringComparison.Ordinal));
        Assert.Contains("code=1", screen);
        Assert.Contains("To continue where it stopped: dotnet build master.proj -p:KinetraResume=true", screen);
        Assert.Contains("warning MY0001: mind the gap", screen);
        Assert.DoesNotContain("error KIN4001", screen);

        terminal.Type($"clear; {Tool.Program} run nowhere.proj; echo code=$?");

        // Until the screen is cleared it has the code of the run before.
        terminal.WaitFor(screen => screen.Contains("MSB1009", StringComparison.Ordinal) && screen.Contains("code=1", StringComparison.Ordinal));
    }

    [Fact]
    public void Ctrl_C_at_a_terminal_interrupts_the_run()
    {
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Endless" Command="touch started; sleep 60" /></Target>""");
        using Terminal terminal = new(project.Folder.Root);
        terminal.Type($"{Tool.Program} run; echo code=$?");
        project.WaitFor("started");
        terminal.WaitFor(screen => screen.Contains("▸ Endless", StringComparison.Ordinal));
        terminal.Press("C-c");
        string screen = terminal.WaitFor(screen => Terminal.HasEnded(screen) && screen.Contains("interrupted", StringComparison.Ordinal));
        Assert.Contains("code=1", screen);
        Assert.Equal("interrupted", project.State().Status);
    }

    [Fact]
    public void When_the_terminal_is_closed_the_build_ends_and_the_tool_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Endless" Command="echo $PPID &gt; pid; touch started; sleep 60" /></Target>""");
        int tool;
        using (Terminal terminal = new(project.Folder.Root))
        {
            terminal.Type($"echo $$ > shell; exec {Tool.Program} run");
            project.WaitFor("started");
            terminal.WaitFor(screen => screen.Contains("▸ Endless", StringComparison.Ordinal));
            tool = int.Parse(project.Folder.Read("shell"), System.Globalization.CultureInfo.InvariantCulture);
        }

        for (int i = 0; i < 600 && Directory.Exists($"/proc/{tool}"); i++)
        {
            Thread.Sleep(100);
        }

        Assert.False(Directory.Exists($"/proc/{tool}"), $"Process {tool} goes on.");
        Assert.Equal("interrupted", project.State().Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    public async Task A_signal_to_the_tool_reaches_the_build(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        using WorkflowProject project = new("""<Target Name="Run"><RunStepWithRetry StepName="Endless" Command="echo $$ &gt; pid; touch started; exec sleep 60" /></Target>""");
        using Process tool = Tool.Start(project.Folder.Root, ["run"]);
        Task<string> output = tool.StandardOutput.ReadToEndAsync();
        project.WaitFor("started");
        _ = kill(tool.Id, signal);
        if (!tool.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            tool.Kill(entireProcessTree: true);
            Assert.Fail("The tool did not end.");
        }

        Assert.Equal(1, tool.ExitCode);
        Assert.Equal("interrupted", project.State().Status);
        Assert.Contains("KIN4006", await output);
        Assert.False(Directory.Exists($"/proc/{project.Folder.Read("pid").Trim()}"));
    }

    [Fact]
    public void The_plan_is_that_of_the_build()
    {
        using WorkflowProject project = new("""
            <ItemGroup>
              <KinetraStep Include="make it" Inputs="source.txt" Outputs="made.txt" Command="cp source.txt made.txt" ExpectedDuration="2s" />
              <KinetraStep Include="use" Inputs="made.txt" Outputs="used.txt" Command="cp made.txt used.txt" />
            </ItemGroup>
            """, targets: "");
        project.Write("source.txt", "one");
        string plan = Tool.Run(project.Folder, "plan").Expect(0);
        Assert.All(plan.TrimEnd().Split('\n'), line => Assert.Contains(line, project.Build("-t:KinetraPlan").Output));
        Assert.StartsWith("Plan of master; nothing is run:\n", plan);

        System.Text.Json.JsonElement json = Tool.Run(project.Folder, "plan", "master.proj", "-p:KinetraOnly=use", "--json").Json;
        Assert.Equal("master", json.GetProperty("workflow_name").GetString());
        json = Tool.Run(project.Folder, "plan", "--json").Json;
        Assert.Equal(["1 make it runs 2.0 s", "2 use runs "], json.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("number")} {step.GetProperty("name")} {step.GetProperty("action")} {step.GetProperty("about")}"));
        Assert.False(Directory.Exists(project.Folder[".workflow_state"]));

        ToolResult wrong = Tool.Run(project.Folder, "plan", "-p:KinetraOnly=usee");
        wrong.Expect(1);
        Assert.Contains("KIN5010", wrong.Errors);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
