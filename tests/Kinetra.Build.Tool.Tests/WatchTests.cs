using System.Diagnostics;
using System.Text.Json;
using Kinetra.Build.Testing;

namespace Kinetra.Build.Tool.Tests;

/// <summary>A run seen while it goes on, in a real terminal of 80 columns and without one.</summary>
public sealed class WatchTests
{
    private const string Body = """
        <ItemGroup>
          <KinetraStep Include="first" Command="echo done; touch first.txt" Outputs="first.txt" />
          <KinetraStep Include="load" Command="echo 'loading'; echo '##vso[task.setprogress value=45;]'; printf '\033[31mred line\033[0m\n'; touch a; while [ ! -e go ]; do sleep 0.05; done" DependsOn="first" />
          <KinetraStep Include="other with a rather long name that has to be cut somewhere" Command="echo from the other; touch b; while [ ! -e go ]; do sleep 0.05; done; exit $(Code)" DependsOn="first" MaxAttempts="1" />
        </ItemGroup>
        """;

    // SGR 30–38 and 90–97; 39 is "no colour".
    private const string Colour = @"\x1b\[[\d;]*\b(3[0-8]|9[0-7])\b";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_run_that_was_started_elsewhere_is_followed_on_a_terminal_to_its_end()
    {
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new(Body, targets: "");
        using Terminal terminal = new(project.Folder.Root);
        using RunningDotNet build = project.Start("-p:Code=3", "-p:KinetraMaxParallel=2");
        project.WaitFor("a");
        project.WaitFor("b");
        terminal.Type($"{Tool.Program} watch --step load; echo code=$?");

        // A bar for each step that runs, the one with its progress; below it the end of its output, without colours of its own.
        string screen = terminal.WaitFor(screen => screen.Contains("45 %", StringComparison.Ordinal) && screen.Contains(" 1/3 ", StringComparison.Ordinal));
        string[] lines = screen.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("master · run ", StringComparison.Ordinal) && line.Contains("· running for ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" 1/3 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  ✓ first [\d.]+ m?s"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^> ▸ load +━{9}─{11} +45 % "));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  ▸ other with a rather long ?… +[─━]{20} "));
        int title = Array.FindIndex(lines, line => line.StartsWith("── load, attempt 1: logs/workflow/", StringComparison.Ordinal));
        Assert.Equal(["loading", "##vso[task.setprogress value=45;]", "red line"], lines[(title + 1)..(title + 4)]);
        Assert.Contains("another step", lines[title + 4]);

        // It moves on, and another step can be chosen.
        terminal.WaitFor(now => Title(now) != Title(screen));
        terminal.Press("Down");
        screen = terminal.WaitFor(now => now.Contains("from the other", StringComparison.Ordinal));
        Assert.Contains("> ▸ other", screen);

        // At the end the page stays, and the exit code tells how it ended.
        project.Write("go", "");
        screen = terminal.WaitFor(now => Terminal.HasEnded(now) && now.Contains("failed after", StringComparison.Ordinal));
        Assert.Contains("code=1", screen);
        Assert.Contains("exit code 3", screen);
        Assert.Contains("3 steps: 2 completed, 1 failed.", screen);
        Assert.DoesNotContain("another step", screen);
        Assert.Equal(1, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
    }

    [Fact]
    public void Leaving_lets_the_run_go_on_and_NO_COLOR_means_none()
    {
        Assert.SkipUnless(Terminal.IsInstalled("tmux"), "tmux is not installed (Debian: apt-get install tmux).");
        using WorkflowProject project = new(Body, targets: "");
        using Terminal terminal = new(project.Folder.Root, height: 10);
        using RunningDotNet build = project.Start("-p:Code=0", "-p:KinetraMaxParallel=2");
        project.WaitFor("a");
        project.WaitFor("b");
        terminal.Type($"{Tool.Program} watch; echo code=$?");
        terminal.WaitFor(screen => screen.Contains("▸ load", StringComparison.Ordinal));
        Assert.Matches(Colour, terminal.Screen(withColours: true));
        terminal.Press("q");
        terminal.WaitFor(screen => screen.Contains("code=0", StringComparison.Ordinal));

        terminal.Type($"clear; NO_COLOR=1 {Tool.Program} watch --once; echo code=$?");
        string screen = terminal.WaitFor(screen => screen.Contains("code=0", StringComparison.Ordinal) && screen.Contains("▸ load", StringComparison.Ordinal));
        Assert.DoesNotMatch(Colour, terminal.Screen(withColours: true));
        Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= 80, line));

        // Ctrl-C leaves too.
        terminal.Type($"clear; {Tool.Program} watch; echo code=$?");
        terminal.WaitFor(screen => screen.Contains("another step", StringComparison.Ordinal));
        terminal.Press("C-c");
        terminal.WaitFor(screen => screen.Contains("code=130", StringComparison.Ordinal));
        Assert.Equal("running", project.State().Status);
        project.Write("go", "");
        Assert.Equal(0, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
    }

    [Fact]
    public async Task Without_a_terminal_there_is_a_line_for_each_change()
    {
        using WorkflowProject project = new(Body, targets: "");
        using RunningDotNet build = project.Start("-p:Code=0", "-p:KinetraMaxParallel=2");
        project.WaitFor("a");
        project.WaitFor("b");
        using Process lines = Tool.Start(project.Folder.Root, ["watch"]);
        using Process json = Tool.Start(project.Folder.Root, ["watch", "--json"]);
        JsonElement once = Tool.Run(project.Folder, "watch", "--once", "--json").Json;

        // The first estimate comes after a second.
        for (int i = 0; i < 60 && !once.TryGetProperty("estimate", out _); i++)
        {
            Thread.Sleep(100);
            once = Tool.Run(project.Folder, "watch", "--once", "--json").Json;
        }

        JsonElement load = once.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("name").GetString() == "load");
        Assert.Equal(45, load.GetProperty("progress").GetInt32());
        Assert.Equal($"logs/workflow/{once.GetProperty("workflow_id").GetString()}/load.1.log", load.GetProperty("log_file").GetString());
        Assert.Equal(3, once.GetProperty("estimate").GetProperty("steps_total").GetInt32());

        // Both are there before the run goes on.
        await ReadTo(lines, line => line.StartsWith("  ▸ load running: 45 %", StringComparison.Ordinal));
        await ReadTo(json, line => line.Contains("\"running\"", StringComparison.Ordinal));
        project.Write("go", "");

        Assert.Matches(@"(?m)^  ✓ load completed \d", await ReadToEnd(lines));
        using JsonDocument state = JsonDocument.Parse((await ReadToEnd(json)).TrimEnd().Split('\n')[^1]);
        Assert.Equal("completed", state.RootElement.GetProperty("status").GetString());
        Assert.Equal(0, build.WaitForEnd(TimeSpan.FromSeconds(60)).ExitCode);
    }

    private static async Task ReadTo(Process tool, Func<string, bool> isMeant)
    {
        string? line;
        do
        {
            line = await tool.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.NotNull(line);
        }
        while (!isMeant(line));
    }

    private static async Task<string> ReadToEnd(Process tool)
    {
        string rest = await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, tool.ExitCode);
        return rest;
    }

    private static string Title(string screen) => screen.Split('\n').FirstOrDefault(line => line.StartsWith("master · run", StringComparison.Ordinal)) ?? "";
}
