using System.Text.RegularExpressions;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Tasks.Tests.Changes;

/// <summary>After which change a step of a graph is run, by a whole build each time.</summary>
[Collection("engine")]
public sealed class StepChangeTests
{
    public static TheoryData<string> Names => [.. StepChanges.All.Select(change => change.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_runs_exactly_after_the_changes_that_count(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        StepChange change = StepChanges.All.Single(change => change.Name == name);
        using ChangeScene scene = new();
        change.Setup(scene);
        scene.BuildWell();
        Assert.Equal(1, scene.Ran());
        string first = scene.RunId;

        change.Change(scene);
        DateTime[] times = change.Verdict == Verdict.DoesNotRun ? [.. scene.OutputTimes] : [];
        (string Action, string Reason)? plan = null;
        if (scene.Target == "Build")
        {
            scene.Write(scene.File, "");
            IReadOnlyList<(string, DateTime)> files = scene.Files();
            plan = scene.Plan();
            Assert.Equal(files.Select(file => file.Item1), scene.Files().Select(file => file.Item1));
            Assert.Equal(files.Where(file => !IsProject(file)), scene.Files().Where(file => !IsProject(file)));
        }

        scene.BuildWell();

        if (plan is { } foreseen)
        {
            Assert.Equal(change.Foreseen ?? (change.Verdict == Verdict.Runs ? "runs" : "does not run"), foreseen.Action);
            Assert.True(change.Foreseen is not null || foreseen.Reason == scene.Reason(), $"foreseen: {foreseen.Reason}; now: {scene.Reason()}");
        }

        Assert.Equal(change.Verdict == Verdict.Runs ? 1 : 0, scene.Ran());
        Assert.Equal(change.Verdict == Verdict.Runs ? "completed" : "cached", scene.Status());
        Assert.Equal(change.Verdict == Verdict.Runs ? null : first, scene.ResumedFrom);
        Assert.All(change.Words, words => Assert.Contains(words.Replace("RUN", first, StringComparison.Ordinal), scene.Reason()));
        AssertOutputs(scene);
        if (change.Verdict == Verdict.DoesNotRun)
        {
            Assert.Equal(times, scene.OutputTimes);
        }

        change.After(scene);
        if (change.Settles)
        {
            scene.BuildWell();
            Assert.Equal((0, "cached"), (scene.Ran(), scene.Status()));
            Assert.Contains("nothing that it declares has changed", scene.Reason());
            AssertOutputs(scene);
        }
    }

    [Fact]
    public void A_plan_does_not_say_for_sure_what_a_step_does_whose_inputs_come_back_from_the_cache()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using ChangeScene scene = new();
        scene.Step["Inputs"] += ";in/up.txt";
        StepChanges.Upstream(scene);
        scene.BuildWell();
        scene.Delete("in/up.txt");

        (string action, string reason) = scene.Plan();
        Assert.Equal("perhaps runs", action);
        Assert.Contains("\"up\"", reason);
        scene.BuildWell();
        Assert.Equal((0, 0), (scene.Ran(), scene.Ran("up")));
        Assert.Equal(("cached", "cached"), (scene.Status(), scene.Status("up")));
        AssertOutputs(scene);
    }

    [Fact]
    public void What_a_rebuild_made_is_what_the_cache_gives_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using ChangeScene scene = new();
        scene.BuildWell();
        scene.Write(ChangeScene.Undeclared, "2\n");

        scene.Target = "Rebuild";
        scene.BuildWell();
        string rebuilt = scene.RunId;
        Assert.Equal((1, "completed"), (scene.Ran(), scene.Status()));
        AssertOutputs(scene);
        scene.Delete("out/words.txt");

        scene.Target = "Build";
        scene.BuildWell();
        Assert.Equal((0, "cached", rebuilt), (scene.Ran(), scene.Status(), scene.ResumedFrom));
        Assert.Contains($"restored from the cache as in run {rebuilt}", scene.Reason());
        AssertOutputs(scene);
    }

    [Fact]
    public void What_was_made_before_a_rebuild_that_failed_does_not_stand_for_the_step()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using ChangeScene scene = new();
        scene.BuildWell();
        scene.Write("fail", "");
        scene.Target = "Rebuild";
        Assert.False(scene.Build().Succeeded);
        scene.Delete("fail");

        scene.Target = "Build";
        scene.BuildWell();
        Assert.Equal((1, "completed"), (scene.Ran(), scene.Status()));
        Assert.Contains("the cache does not have it", scene.Reason());
    }

    // Neither a time, nor a path outside of the project, nor the version of anything.
    [Fact]
    public void Nothing_else_is_part_of_what_a_step_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using ChangeScene scene = new();
        scene.BuildWell();
        string[] parts = [.. Regex.Matches(scene.Read($".workflow_state/{scene.RunId}.journal"), @"\[""(?<label>[^""]+)"",""([0-9a-f]{64})?""").Select(part => part.Groups["label"].Value)];
        Assert.Equal(
            ["command", "input in/a.txt", "input in/b.txt", "of project", "outputs", "platform", "script steps/make.sh", "step", "variable MODE", "workflow", "working directory"],
            parts);
    }

    [Fact]
    public void The_table_of_the_documentation_has_these_changes()
    {
        string text = File.ReadAllText(Repository.PathTo("docs", "step-cache.md"));
        string table = Regex.Match(text, @"(?ms)^## What makes a step run again$(?<table>.*?)(?=^## )").Groups["table"].Value;
        string[] documented = [.. Regex.Matches(table, @"(?m)^\| (?<name>[^|]+?) \| (?<verdict>runs|does not run|is restored) \|").Select(row => $"{row.Groups["name"].Value}: {row.Groups["verdict"].Value}")];

        Assert.Equal(StepChanges.All.Select(change => $"{change.Name}: {Words(change.Verdict)}"), documented);
    }

    private static bool IsProject((string File, DateTime) file) => file.File.EndsWith(".proj", StringComparison.Ordinal);

    private static void AssertOutputs(ChangeScene scene) =>
        Assert.All(scene.Expected, output => Assert.Equal(output.Value, scene.Read(output.Key)));

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Runs => "runs",
        Verdict.DoesNotRun => "does not run",
        _ => "is restored",
    };
}
