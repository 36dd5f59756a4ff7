using System.Globalization;
using System.Text.RegularExpressions;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed partial class SummaryTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly WorkflowRun _run;

    public SummaryTests() => _run = _project.StartRun();

    public void Dispose()
    {
        _run.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void Each_step_has_its_time_its_share_and_its_retries_the_longest_first()
    {
        Step("short", 1);
        Step("long", 3, attempts: 2);
        Step("other", 2, attempts: 4, status: StepStatus.Failed);
        Row[] rows = Rows();
        Assert.Equal(["long", "other", "short"], rows.Select(row => row.Name));
        Assert.Equal([3.0, 2.0, 1.0], rows.Select(row => row.Total));
        Assert.Equal([50.0, 33.3, 16.7], rows.Select(row => row.Share));
        Assert.Equal(["1 retry", "3 retries", "0 retries"], rows.Select(row => row.Retries));
        Assert.Equal(["completed", "failed", "completed"], rows.Select(row => row.Words));
    }

    [Fact]
    public void Steps_of_one_name_share_a_line_with_their_average()
    {
        Step("a", 1);
        Step("b", 10);
        Step("a", 2, attempts: 2, status: StepStatus.Failed);
        Step("a", 3, attempts: 3);
        Row row = Assert.Single(Rows(), row => row.Name == "a");
        Assert.Equal(2.0, row.Average);
        Assert.Equal(6.0, row.Total);
        Assert.Equal(37.5, row.Share);
        Assert.Equal("3 retries", row.Retries);
        Assert.Equal("completed, failed × 3", row.Words);
    }

    [Fact]
    public void Shares_add_up_to_a_hundred()
    {
        Random random = new(3);
        for (int i = 0; i < 17; i++)
        {
            Step($"step {i}", random.NextDouble() * 100);
        }

        Assert.Equal(100, Rows().Sum(row => row.Share), 0.9);
    }

    [Fact]
    public void Steps_that_took_no_time_are_no_problem()
    {
        Step("a", 0);
        Assert.Equal(0, Assert.Single(Rows()).Share);
    }

    [Fact]
    public void A_run_without_steps_has_a_summary_too()
    {
        _project.Time.Advance(TimeSpan.FromSeconds(1.5));
        _run.Finish(RunStatus.Failed, "out of luck");
        IReadOnlyList<string> lines = Summary.Lines(_run);
        Assert.Equal(3, lines.Count);
        Assert.Contains("failed", lines[0]);
        Assert.Contains(_run.Id, lines[0]);
        Assert.Contains("out of luck", lines[1]);
        Assert.Contains("1.50s", lines[2]);
    }

    [Theory]
    [InlineData(0, 31, 0, 1)]
    [InlineData(2, 31, 2, 1)]
    [InlineData(40, 1, 30, 2)]
    [InlineData(1, 29, 30, 0)]
    public void Of_many_steps_only_those_that_were_run_have_a_line(int run, int cached, int rows, int others)
    {
        for (int i = 0; i < cached; i++)
        {
            string name = $"cached {i}";
            _run.Reuse(name, _run.Reserve(name), critical: true, new StepReused("20260101_000000", Fingerprint.Of([]), [], []), "it is in the cache");
        }

        for (int i = 0; i < run; i++)
        {
            Step($"run {i}", 1);
        }

        Assert.Equal(rows, Rows().Length);
        string[] counts = [.. Summary.Lines(_run).Where(line => line.EndsWith("the state file has them all.", StringComparison.Ordinal))];
        Assert.Equal(others, counts.Length);
        if (others > 0)
        {
            Assert.Equal(cached == 1 ? "  and 1 that was not run in this run; the state file has them all." : $"  {(run > 0 ? "and " : "")}{cached} that were not run in this run; the state file has them all.", counts[^1]);
        }
    }

    [Fact]
    public void Operations_stand_under_their_step_averaged_by_name()
    {
        Step("first step", 1).Operations = [new StepOperation("load", TimeSpan.FromSeconds(0.25)), new StepOperation("save", TimeSpan.FromSeconds(2)), new StepOperation("load", TimeSpan.FromSeconds(0.75))];
        Step("second", 0.5);
        _run.Finish(RunStatus.Completed);
        string[] lines = [.. Summary.Lines(_run).Skip(2).SkipLast(1)];
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("  first step", lines[0]);
        Assert.Equal("    save          2.00s avg      2.00s total", lines[1]);
        Assert.Equal("    load          0.50s avg      1.00s total × 2", lines[2]);
        Assert.StartsWith("  second", lines[3]);
    }

    [Fact]
    public void It_is_in_the_runs_log()
    {
        Step("a", 1);
        _run.Finish(RunStatus.Completed);
        string log = File.ReadAllText(_run.Log.File.Full);
        Assert.All(Summary.Lines(_run), line => Assert.Contains(line, log));
    }

    private StepRecord Step(string name, double seconds, int attempts = 1, StepStatus status = StepStatus.Completed)
    {
        StepRecord step = _run.Begin(name, critical: true);
        _project.Time.Advance(TimeSpan.FromSeconds(seconds));
        _run.End(step, status, attempts, 0, null, null);
        return step;
    }

    private Row[] Rows() => [.. Summary.Lines(_run).Select(line => Form().Match(line)).Where(match => match.Success).Select(Row.Read)];

    [GeneratedRegex(@"^  (?<name>.+?)\s+(?<average>[\d.]+)s avg\s+(?<total>[\d.]+)s total\s+\(\s*(?<share>[\d.]+)%\)\s+(?<retries>\d+ retr\w+)\s+(?<words>.+)$")]
    private static partial Regex Form();

    private sealed record Row(string Name, double Average, double Total, double Share, string Retries, string Words)
    {
        public static Row Read(Match match) => new(
            match.Groups["name"].Value,
            Number(match, "average"),
            Number(match, "total"),
            Number(match, "share"),
            match.Groups["retries"].Value,
            match.Groups["words"].Value);

        private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }
}
