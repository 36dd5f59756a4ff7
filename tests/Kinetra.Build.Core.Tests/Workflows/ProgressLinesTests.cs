using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Workflows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

public sealed class ProgressLinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void A_step_has_a_line_with_its_number_its_duration_and_the_time_left()
    {
        ProgressLines lines = new(7, _lines.Add, _time) { TimeLeft = "about 3 min left" };
        lines.Add(Outcome("convert", StepStatus.Completed, 12.3, attempts: 2));
        Assert.Equal(["[1/7] ✓ convert 12.3 s (attempt 2) · about 3 min left"], _lines);
    }

    [Fact]
    public void What_was_not_run_says_why()
    {
        ProgressLines lines = new(3, _lines.Add, _time);
        lines.Add(Outcome("a", StepStatus.Cached, 0) with { ResumedFrom = "20260101_000000", Reason = "nothing has changed" });
        lines.Add(Outcome("b", StepStatus.Failed, 1));
        lines.Skip(new StepRecord(3, "c", 1, true) { Reason = "\"b\" failed" });
        Assert.Equal(["[1/3] ✓ a: not run again: nothing has changed", "[2/3] ✗ b 1.0 s", "[3/3] – c skipped: \"b\" failed"], _lines);
    }

    [Fact]
    public void Many_short_steps_share_lines_and_none_is_lost()
    {
        ProgressLines lines = new(1000, _lines.Add, _time);
        for (int i = 1; i <= 1000; i++)
        {
            lines.Add(Outcome($"s{i}", i == 500 ? StepStatus.Failed : StepStatus.Completed, 0.001));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        lines.Flush(isDue: true);
        Assert.InRange(_lines.Count, 10, 15);
        Assert.Contains(_lines, line => line.StartsWith("[ 500/1000] ✗ s500"));
        Assert.Contains(_lines, line => line.StartsWith("[ 499/1000] ✓ ") && line.Contains(" steps, at last s499 "));
        Assert.Contains(" steps, at last s1000 ", _lines[^1]);
    }

    [Fact]
    public void Steps_that_are_skipped_for_one_reason_share_a_line_in_a_large_graph()
    {
        ProgressLines lines = new(1000, _lines.Add, _time);
        lines.Add(Outcome("first", StepStatus.Failed, 1));
        for (int i = 2; i <= 1000; i++)
        {
            lines.Skip(new StepRecord(i, $"s{i}", 1, true) { Reason = i <= 10 ? "\"x\", which it depends on, did not succeed" : "the critical step \"first\" failed" });
        }

        Assert.Equal(
            ["[   1/1000] ✗ first 1.0 s", "[  10/1000] – 9 steps skipped: \"x\", which it depends on, did not succeed", "[1000/1000] – 990 steps skipped: the critical step \"first\" failed"],
            _lines);
    }

    [Fact]
    public void Only_a_step_that_did_its_work_says_how_much_time_is_left()
    {
        ProgressLines lines = new(4, _lines.Add, _time) { TimeLeft = "about 3 min left" };
        lines.Add(Outcome("a", StepStatus.Cached, 0) with { ResumedFrom = "20260101_000000", Reason = "nothing has changed" });
        lines.Add(Outcome("b", StepStatus.Failed, 1));
        lines.Skip(new StepRecord(3, "c", 1, true) { Reason = "\"b\" failed" });
        Assert.DoesNotContain(_lines, line => line.Contains("left"));
    }

    [Fact]
    public void How_far_it_is_as_a_whole_is_said_every_half_minute()
    {
        ProgressLines lines = new(2, _lines.Add, _time);
        lines.Remind("0/2 · 1 % of the work");
        _time.Advance(TimeSpan.FromSeconds(31));
        lines.Remind("0/2 · 2 % of the work");
        lines.Remind("0/2 · 2 % of the work");
        Assert.Equal(["0/2 · 2 % of the work"], _lines);
    }

    private static StepOutcome Outcome(string name, StepStatus status, double seconds, int attempts = 1) =>
        new(status, attempts, 0, TimeSpan.FromSeconds(seconds), null, null) { Record = new StepRecord(1, name, 1, true) { Status = status } };
}
