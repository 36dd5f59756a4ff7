using Kinetra.Build.Testing;
using Microsoft.Build.Logging.StructuredLogger;
using Xunit;

namespace Kinetra.Build.Package.Tests.Samples;

public sealed class MasterSampleTests
{
    private static readonly string[] Steps =
    [
        "Download Data: completed", "Convert MT5 Format: completed", "Check & Fill Missing Data: completed",
        "Check Data Integrity: completed", "Prepare Data: completed", "Explore: completed",
    ];

    [Fact]
    public void It_runs_with_the_data_that_ships_with_it_and_every_target_is_timed_in_the_binlog()
    {
        using SampleCopy sample = new();

        DotNetResult result = sample.Build("-bl");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.Equal(Steps, sample.State().Steps);
        Assert.True(File.Exists(sample["data/results/results.csv"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(sample.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sample[".env"]));
        }

        List<Target> targets = [];
        List<string> messages = [];
        Microsoft.Build.Logging.StructuredLogger.Build build = Binlog.Read(sample["msbuild.binlog"]);
        build.VisitAllChildren<Target>(targets.Add);
        build.VisitAllChildren<Message>(message => messages.Add(message.Text));
        foreach (string name in new[] { "CheckCredentials", "DownloadData", "ConvertMt5Format", "FillMissingData", "CheckDataIntegrity", "PrepareData", "Explore" })
        {
            Assert.Contains(targets, target => target.Name == name && target.Duration > TimeSpan.FromMilliseconds(1));
        }

        Assert.Contains("Performance Insights:", messages);
    }

    [Fact]
    public void A_changed_env_file_is_reported_and_restored_and_without_backups_it_is_a_clear_error()
    {
        using SampleCopy sample = new();
        Assert.Equal(0, sample.Build().ExitCode);
        string original = File.ReadAllText(sample[".env"]);

        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=stolen\n");
        DotNetResult restored = sample.Build();

        Assert.True(restored.ExitCode == 0, restored.ToString());
        Assert.Equal(["KIN2006"], restored.Warnings);
        Assert.Equal(original, File.ReadAllText(sample[".env"]));

        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=stolen\n");
        Directory.Delete(sample["data/backups"], recursive: true);
        DotNetResult failed = sample.Build();

        Assert.Equal(1, failed.ExitCode);
        Assert.Equal(["KIN3003"], failed.Errors);
        Assert.Equal("failed", sample.State().Status);
        Assert.Equal("METAAPI_TOKEN=stolen\n", File.ReadAllText(sample[".env"]));
    }

    [Fact]
    public void A_change_of_credentials_that_was_meant_is_accepted_as_the_message_says()
    {
        using SampleCopy sample = new();
        Assert.Equal(0, sample.Build().ExitCode);

        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=mine\nMETAAPI_ACCOUNT_ID=me\n");
        Assert.Equal(0, sample.Build("-t:KinetraAcceptFile", "-p:KinetraFile=.env").ExitCode);
        DotNetResult result = sample.Build();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.Equal("METAAPI_TOKEN=mine\nMETAAPI_ACCOUNT_ID=me\n", File.ReadAllText(sample[".env"]));
    }

    [Fact]
    public void A_broken_line_names_file_line_and_column_and_leaves_earlier_outputs_untouched()
    {
        using SampleCopy sample = new();
        Assert.Equal(0, sample.Build().ExitCode);
        Dictionary<string, string> before = Outputs(sample);
        string[] lines = File.ReadAllLines(Directory.EnumerateFiles(sample["data-source"], "*.csv").Single());
        lines[41] = lines[41].Replace(lines[41].Split('\t')[3], "12x4", StringComparison.Ordinal);
        Directory.CreateDirectory(sample["broken"]);
        File.WriteAllText(sample["broken/EXPORT.csv"], string.Join("\r\n", lines) + "\r\n");

        DotNetResult result = sample.Build("-p:DataSource=broken");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("KIN4001", result.Errors);
        Assert.Matches(@"broken/EXPORT\.csv\(42,\d+\): error MT5001: .*12x4", result.Output);
        Assert.Equal("failed", sample.State().Status);
        Assert.Equal(0, sample.State().Step("Download Data").GetProperty("retry_count").GetInt32());
        Assert.Equal(before, Outputs(sample));
    }

    [Fact]
    public void It_runs_on_real_exports_where_they_are_at_hand()
    {
        string data = Path.GetFullPath(Repository.PathTo("..", "shared", "data"));
        Assert.SkipUnless(Directory.Exists(data), $"The real exports are not on this machine ({data}).");
        using SampleCopy sample = new();

        DotNetResult result = sample.Build("-p:DataSource=" + data);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.Equal(2, Directory.GetFiles(sample["data/prepared"], "*.test.csv").Length);
    }

    [Fact]
    public void A_download_that_fails_and_one_that_is_cut_off_are_tried_again()
    {
        using SampleCopy sample = new();
        byte[] prices = File.ReadAllBytes(Directory.EnumerateFiles(sample["data-source"], "*.csv").Single());
        using PriceServer server = new(number => number switch
        {
            1 => PriceServer.Answer("503 Service Unavailable", []),
            2 => PriceServer.Answer("200 OK", prices[..1000], prices.Length),
            _ => PriceServer.Answer("200 OK", prices),
        });
        File.WriteAllText(sample[".env"], "METAAPI_TOKEN=a-real-token\nMETAAPI_ACCOUNT_ID=an-account\n");

        DotNetResult result = sample.Build("-p:DataSource=" + server.Url, "-p:KinetraRetryDelay=100ms");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, sample.State().Step("Download Data").GetProperty("retry_count").GetInt32());
        Assert.Contains("Authorization: Bearer a-real-token", server.Requests[0]);
        Assert.DoesNotContain("a-real-token", result.Output);
        Assert.Equal(prices, File.ReadAllBytes(sample["data/raw/prices.csv"]));
    }

    [Fact]
    public void A_run_that_failed_is_continued_and_does_again_what_the_changed_files_concern()
    {
        using SampleCopy sample = new();
        Directory.CreateDirectory(sample["data"]);
        File.WriteAllText(sample["data/prepared"], "in the way");

        Assert.Equal(1, sample.Build("-p:KinetraMaxAttempts=1").ExitCode);
        Assert.Equal("Prepare Data: failed", sample.State().Steps[^1]);
        File.Delete(sample["data/prepared"]);
        string filled = Directory.EnumerateFiles(sample["data/filled"], "*.csv").Single();
        File.AppendAllText(filled, "edited");
        DotNetResult result = sample.Build("-p:KinetraResume=true");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(result.Warnings);
        Assert.Equal(Steps, sample.State().Steps);
        Assert.Equal(
            ["Download Data", "Convert MT5 Format"],
            Steps.Select(step => step[..step.IndexOf(':', StringComparison.Ordinal)]).Where(name => sample.State().Step(name).TryGetProperty("resumed_from", out _)));
        Assert.Equal($"output data/filled/{Path.GetFileName(filled)} changed", sample.State().Step("Check & Fill Missing Data").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(null, "KIN2010")]
    [InlineData("METAAPI_TOKEN=your_token_here\nMETAAPI_ACCOUNT_ID=x1234\n", "KIN2011")]
    public void A_remote_source_needs_real_credentials(string? env, string code)
    {
        using SampleCopy sample = new();
        if (env is not null)
        {
            File.WriteAllText(sample[".env"], env);
        }

        DotNetResult result = sample.Build("-p:DataSource=http://127.0.0.1:9/x.csv");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([code], result.Errors);
        Assert.Contains("METAAPI_TOKEN", result.Output);
        Assert.Equal("failed", sample.State().Status);
        Assert.Empty(sample.State().Steps);
    }

    private static Dictionary<string, string> Outputs(SampleCopy sample) =>
        Directory.EnumerateFiles(sample["data"], "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("backups", StringComparison.Ordinal))
            .ToDictionary(file => file, file => File.ReadAllText(file) + File.GetLastWriteTimeUtc(file).Ticks);
}
