using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.History;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.History;

public sealed class DurationHistoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private FilePath HistoryFile => FilePath.Resolve(_folder.Root, "w.history");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_added_is_found_in_the_next_build()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        Assert.Equal(1, history.NextRun);
        history.Add("fetch \"ü\"", 1, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(.25), 4096);
        history.Add("convert", 1, TimeSpan.FromMilliseconds(2));
        history.Save();

        history = DurationHistory.Load(HistoryFile);
        Assert.Equal(2, history.NextRun);
        history.Add("fetch \"ü\"", 2, TimeSpan.FromSeconds(2));
        history.Save();

        history = DurationHistory.Load(HistoryFile);
        StepHistory fetch = history.Find("fetch \"ü\"")!;
        Assert.Equal([1, 2], fetch.Runs);
        Assert.Equal([1.5, 2], fetch.Seconds);
        Assert.Null(fetch.CpuSeconds);
        Assert.Null(fetch.PeakMemory);
        Assert.Equal([.002], history.Find("convert")!.Seconds);
        Assert.Null(history.Find("other"));
    }

    [Fact]
    public void Processor_time_and_memory_are_those_of_the_newest_run()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        history.Add("a", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7), 1);
        history.Add("a", 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(.125), 2048);
        history.Save();
        StepHistory found = DurationHistory.Load(HistoryFile).Find("a")!;
        Assert.Equal((.125, 2048L), (found.CpuSeconds, found.PeakMemory));
    }

    [Fact]
    public void The_last_thirty_runs_are_kept()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        for (int run = 1; run <= 40; run++)
        {
            history.Add("a", run, TimeSpan.FromSeconds(run));
        }

        history.Save();
        StepHistory found = DurationHistory.Load(HistoryFile).Find("a")!;
        Assert.Equal(Enumerable.Range(11, 30), found.Runs);
        Assert.Equal(Enumerable.Range(11, 30).Select(run => (double)run), found.Seconds);
    }

    [Fact]
    public void A_step_that_was_not_seen_for_fifty_runs_is_forgotten()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        history.Add("old", 1, TimeSpan.FromSeconds(1));
        history.Add("cached", 1, TimeSpan.FromSeconds(1));
        history.Add("a", 51, TimeSpan.FromSeconds(1));
        Assert.Equal(0, history.Forget());
        history.See("cached", 51);
        history.Add("a", 52, TimeSpan.FromSeconds(1));
        Assert.Equal(1, history.Forget());
        history.Save();
        history = DurationHistory.Load(HistoryFile);
        Assert.Null(history.Find("old"));
        Assert.Equal([1], history.Find("cached")!.Runs);
    }

    [Fact]
    public void A_file_that_is_damaged_anywhere_counts_as_empty_and_is_replaced()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        history.Add("a", 7, TimeSpan.FromSeconds(1));
        history.Add("b", 7, TimeSpan.FromSeconds(1));
        history.Save();
        byte[] whole = File.ReadAllBytes(HistoryFile.Full);
        Assert.StartsWith("kinetra-history 1\n{\"key\":\"a\"", System.Text.Encoding.UTF8.GetString(whole));
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 4;
            File.WriteAllBytes(HistoryFile.Full, damaged);
            AssertEmpty();
            File.WriteAllBytes(HistoryFile.Full, whole[..place]);
            AssertEmpty();
        }

        history = DurationHistory.Load(HistoryFile);
        history.Add("a", history.NextRun, TimeSpan.FromSeconds(3));
        history.Save();
        Assert.Equal([3], DurationHistory.Load(HistoryFile).Find("a")!.Seconds);

        void AssertEmpty()
        {
            DurationHistory read = DurationHistory.Load(HistoryFile);
            Assert.Equal(1, read.NextRun);
            Assert.Null(read.Find("a"));
        }
    }

    [Fact]
    public void A_history_of_many_steps_is_read_as_it_was_written()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        for (int step = 0; step < 3000; step++)
        {
            history.Add($"step {step}", 1, TimeSpan.FromSeconds(step));
        }

        history.Save();
        Assert.True(new FileInfo(HistoryFile.Full).Length > 128 * 1024);
        history = DurationHistory.Load(HistoryFile);
        Assert.All(Enumerable.Range(0, 3000), step => Assert.Equal([step], history.Find($"step {step}")!.Seconds));
    }

    [Fact]
    public void Nothing_is_written_if_nothing_was_added()
    {
        DurationHistory history = DurationHistory.Load(HistoryFile);
        history.See("a", 1);
        history.Save();
        Assert.False(File.Exists(HistoryFile.Full));
    }
}
