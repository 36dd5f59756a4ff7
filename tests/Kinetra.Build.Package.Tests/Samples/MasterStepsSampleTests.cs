using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Samples;

/// <summary>The master sample in the steps form, beside its targets form.</summary>
public sealed class MasterStepsSampleTests
{
    private static readonly string[] Cacheable = ["Download Data", "Convert MT5 Format", "Check & Fill Missing Data", "Prepare Data", "Explore"];

    [Fact]
    public void Both_forms_make_the_same_files_in_turn_and_a_second_run_only_checks()
    {
        using SampleCopy sample = new("master/steps.proj");

        DotNetResult first = sample.Build();

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Empty(first.Warnings);
        Assert.Equal(6, sample.State().Steps.Count(step => step.EndsWith(": completed", StringComparison.Ordinal)));
        Dictionary<string, string> made = Outputs(sample);
        Assert.Contains(sample["data/results/results.csv"], made.Keys);

        DotNetResult second = sample.Build();

        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Equal(["Check Data Integrity: completed"], sample.State().Steps.Where(step => !step.EndsWith(": cached", StringComparison.Ordinal)));
        Assert.All(Cacheable, name => Assert.Equal(0, sample.State().Step(name).GetProperty("retry_count").GetInt32()));

        DotNetResult targets = sample.BuildProject("master.proj");

        Assert.True(targets.ExitCode == 0, targets.ToString());
        Assert.Empty(targets.Warnings);
        Assert.Equal("master_workflow", sample.State().Root.GetProperty("workflow_name").GetString());
        Assert.Equal(made, Outputs(sample));
    }

    [Fact]
    public void What_was_deleted_or_edited_comes_back_from_the_cache()
    {
        using SampleCopy sample = new("master/steps.proj");
        Assert.Equal(0, sample.Build().ExitCode);
        Dictionary<string, string> made = Outputs(sample);

        File.Delete(sample["data/results/results.csv"]);
        File.AppendAllText(Directory.EnumerateFiles(sample["data/filled"], "*.csv").Single(), "edited");
        DotNetResult result = sample.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(made, Outputs(sample));
        Assert.All(Cacheable, name => Assert.Equal("cached", sample.State().Step(name).GetProperty("status").GetString()));
        Assert.Contains("restored from the cache", sample.State().Step("Explore").GetProperty("reason").GetString());
        Assert.Contains("data/results/results.csv is gone", sample.State().Step("Explore").GetProperty("reason").GetString());
    }

    [Fact]
    public void The_tasks_of_its_targets_belong_to_the_same_run()
    {
        using SampleCopy sample = new("master/steps.proj");
        Assert.Equal(0, sample.Build().ExitCode);
        string original = File.ReadAllText(sample[".env"]);

        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=stolen\n");
        DotNetResult restored = sample.Build();

        Assert.True(restored.ExitCode == 0, restored.ToString());
        Assert.Equal(["KIN2006"], restored.Warnings);
        Assert.Equal(original, File.ReadAllText(sample[".env"]));

        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=your_token\n");
        Assert.Equal(0, sample.Build("-t:KinetraAcceptFile", "-p:KinetraFile=.env").ExitCode);
        DotNetResult refused = sample.Build();

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(["KIN2010", "KIN2011"], refused.Errors.Order(StringComparer.Ordinal));
        Assert.Equal("failed", sample.State().Status);
        Assert.Empty(sample.State().Steps);
    }

    [Fact]
    public void A_run_that_failed_is_continued_and_does_the_rest()
    {
        using SampleCopy sample = new("master/steps.proj");
        Directory.CreateDirectory(sample["data"]);
        File.WriteAllText(sample["data/prepared"], "in the way");

        DotNetResult failed = sample.Build("-p:KinetraMaxAttempts=1", "-p:KinetraMaxParallel=2");

        Assert.Equal(1, failed.ExitCode);
        Assert.Equal("failed", sample.State().Step("Prepare Data").GetProperty("status").GetString());
        Assert.Equal("skipped", sample.State().Step("Explore").GetProperty("status").GetString());
        File.Delete(sample["data/prepared"]);

        DotNetResult result = sample.Build("-p:KinetraResume=true");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("completed", sample.State().Status);
        Assert.Equal(
            ["Check & Fill Missing Data", "Check Data Integrity", "Convert MT5 Format", "Download Data"],
            sample.State().Root.GetProperty("steps").EnumerateArray().Where(step => step.TryGetProperty("resumed_from", out _)).Select(step => step.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(sample["data/results/results.csv"]));
    }

    // Backups of the credentials carry the time in their names.
    private static Dictionary<string, string> Outputs(SampleCopy sample) =>
        Directory.EnumerateFiles(sample["data"], "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("backups", StringComparison.Ordinal))
            .ToDictionary(file => file, File.ReadAllText);
}
