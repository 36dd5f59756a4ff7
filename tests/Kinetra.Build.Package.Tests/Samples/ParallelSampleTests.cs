using System.Text.Json;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Samples;

public sealed class ParallelSampleTests
{
    private const string Project = "parallel/parallel.proj";

    // What was measured to be at the same time may have been one after the other within this.
    private const double Resolution = 0.005;

    [Fact]
    public void A_hundred_steps_run_beside_each_other_once_and_the_second_time_not_at_all()
    {
        using SampleCopy sample = new(Project);

        DotNetResult first = sample.Build("-p:KinetraMaxParallel=4");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Empty(first.Warnings);
        JsonElement[] steps = Steps(sample);
        Assert.Equal(101, steps.Length);
        Assert.All(steps, step => Assert.Equal("completed", Text(step, "status")));
        Assert.Equal("tidy", Text(steps[^1], "name"));
        Assert.InRange(MostAtATime(steps), 2, 4);
        Assert.InRange(MostAtATime([.. steps.Where(step => Text(step, "name").StartsWith("fetch-", StringComparison.Ordinal))]), 1, 2);
        string report = File.ReadAllText(sample["published/report.md"]);
        Assert.Contains("| 2008 | 253 | -38.5 % |", report);
        Assert.Equal(File.ReadAllText(sample["data/report.md"]), report);
        Dictionary<string, string> made = Outputs(sample);

        File.Delete(sample["data/returns/2008.csv"]);
        File.AppendAllText(sample["data/seasons/10.csv"], "edited");
        DotNetResult second = sample.Build();

        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Equal(made, Outputs(sample));
        Assert.Equal(["tidy: completed"], sample.State().Steps.Where(step => !step.EndsWith(": cached", StringComparison.Ordinal)));
        Assert.Equal(["returns-2008", "season-10"], Steps(sample).Where(step => Text(step, "reason").StartsWith("restored", StringComparison.Ordinal)).Select(step => Text(step, "name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_history_with_a_bar_that_cannot_be_is_reported_but_not_published()
    {
        using SampleCopy sample = new(Project);
        string[] lines = File.ReadAllLines(Directory.EnumerateFiles(sample["../master/data-source"], "*.csv").Single());
        string[] fields = lines[41].Split('\t');
        (fields[3], fields[4]) = (fields[4], fields[3]);
        lines[41] = string.Join('\t', fields);
        File.WriteAllText(sample["odd.csv"], string.Join("\r\n", lines) + "\r\n");

        DotNetResult result = sample.Build("-p:History=odd.csv");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["KIN4001"], result.Warnings);
        Assert.Contains("odd.csv(42): warning BAR04: ", result.Output);
        Assert.Equal(["check: failed", "publish: skipped"], sample.State().Steps.Where(step => !step.EndsWith(": completed", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(sample["data/report.md"]));
        Assert.False(Directory.Exists(sample["published"]));
    }

    [Fact]
    public void A_history_that_is_not_there_stops_what_has_not_started_and_tidy_runs_all_the_same()
    {
        using SampleCopy sample = new(Project);
        Directory.CreateDirectory(sample["data/years"]);
        File.WriteAllText(sample["data/years/2000.csv.unfinished"], "half of");

        DotNetResult result = sample.Build("-p:History=none.csv");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("KIN4007", result.Errors);
        Assert.Equal("completed", Text(sample.State().Step("tidy"), "status"));
        Assert.Equal("skipped", Text(sample.State().Step("report"), "status"));
        Assert.Empty(Directory.GetFiles(sample["data/years"]));
    }

    [Fact]
    public void A_plan_lists_every_step_and_leaves_nothing_behind()
    {
        using SampleCopy sample = new(Project);

        DotNetResult result = sample.Build("-t:KinetraPlan", "-p:KinetraUntil=season-10");

        // The program, the years, their returns and the season; and what always runs.
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"\b1  tool +runs", result.Output);
        Assert.Contains("45 steps: 45 to run", result.Output);
        Assert.DoesNotContain("statistics-", result.Output);
        Assert.Equal(["tool"], Directory.GetDirectories(sample.Root).Select(Path.GetFileName));
    }

    private static JsonElement[] Steps(SampleCopy sample) => [.. sample.State().Root.GetProperty("steps").EnumerateArray()];

    private static string Text(JsonElement step, string field) => step.GetProperty(field).GetString()!;

    private static int MostAtATime(JsonElement[] steps) => steps.Max(one => steps.Count(other =>
        other.GetProperty("start_time").GetDouble() <= one.GetProperty("start_time").GetDouble()
        && other.GetProperty("end_time").GetDouble() > one.GetProperty("start_time").GetDouble() + Resolution));

    private static Dictionary<string, string> Outputs(SampleCopy sample) =>
        Directory.EnumerateFiles(sample["data"], "*", SearchOption.AllDirectories).Append(sample["published/report.md"]).ToDictionary(file => file, File.ReadAllText);
}
