using Kinetra.Build.Core.Processes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

/// <summary>Time-out, cancellation, and what a program leaves behind. The programs note their process ids in files.</summary>
public sealed class ProcessEndTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1200);

    private readonly ProcessRun _run = new();

    public ProcessEndTests() => Platform.RequireLinux();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_timeout_ends_the_program()
    {
        ProcessResult result = _run.Shell("echo $$ > a; echo begun; exec sleep 600", Soon);
        Assert.Equal(ProcessEnd.TimedOut, result.End);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal(["begun"], _run.Lines);
        _run.AssertEnded("a");
    }

    [Fact]
    public void A_program_that_is_faster_is_not_timed_out() =>
        Assert.Equal(new ProcessResult(ProcessEnd.Exited, 3, OutputHeld: false), _run.Shell("sleep 0.1; exit 3", TimeSpan.FromMinutes(1)));

    [Fact]
    public void A_timeout_ends_children_and_their_children()
    {
        ProcessResult result = _run.Shell("sh -c 'echo $$ > a; sh -c \"echo \\$\\$ > b; sleep 600\" & sleep 600' & echo $$ > c; wait", Soon);
        Assert.Equal(ProcessEnd.TimedOut, result.End);
        _run.AssertEnded("a", "b", "c");
    }

    [Fact]
    public void A_timeout_ends_a_child_in_a_session_of_its_own()
    {
        ProcessResult result = _run.Shell("setsid sh -c 'echo $$ > a; sleep 600' & echo $$ > b; wait", Soon);
        Assert.Equal(ProcessEnd.TimedOut, result.End);
        _run.AssertEnded("a", "b");
    }

    [Fact]
    public void A_timeout_ends_a_child_whose_parent_has_gone()
    {
        ProcessResult result = _run.Shell("(setsid sh -c 'echo $$ > a; sleep 600' &) ; echo $$ > b; sleep 600", Soon);
        Assert.Equal(ProcessEnd.TimedOut, result.End);
        _run.AssertEnded("a", "b");
    }

    [Fact]
    public void A_program_that_ignores_the_signal_is_killed_after_the_grace_period()
    {
        ProcessResult result = _run.Shell("trap '' TERM; echo $$ > a; while :; do sleep 0.05; done", Soon);
        Assert.Equal(new ProcessResult(ProcessEnd.TimedOut, 137, OutputHeld: false), result);
        Assert.InRange(_run.Elapsed.TotalSeconds, 3, 20);
        _run.AssertEnded("a");
    }

    [Fact]
    public void A_child_that_ignores_the_signal_is_killed_after_the_grace_period()
    {
        ProcessResult result = _run.Shell("setsid sh -c 'trap \"\" TERM; echo $$ > a; while :; do sleep 0.05; done' & echo $$ > b; wait", Soon);
        Assert.Equal(ProcessEnd.TimedOut, result.End);
        _run.AssertEnded("a", "b");
    }

    [Fact]
    public void A_program_can_finish_its_work_in_the_grace_period()
    {
        ProcessResult result = _run.Shell("trap 'echo cleaned up; exit 5' TERM; echo $$ > a; while :; do sleep 0.05; done", Soon);
        Assert.Equal(new ProcessResult(ProcessEnd.TimedOut, 5, OutputHeld: false), result);
        Assert.Contains("cleaned up", _run.Lines);
    }

    [Fact]
    public void A_timeout_is_measured_by_the_clock_given()
    {
        FakeTimeProvider time = new();
        using ProcessRun run = new() { Time = time };
        using ClockHand hand = new(time);
        hand.Move(TimeSpan.FromHours(10));
        Assert.Equal(ProcessEnd.TimedOut, run.Shell("sleep 600", TimeSpan.FromHours(5)).End);
        Assert.InRange(run.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_cancellation_ends_the_whole_tree()
    {
        using CancellationTokenSource cancel = new();
        Thread canceller = new(() =>
        {
            _run.PidIn("a");
            cancel.Cancel();
        });
        canceller.Start();
        ProcessResult result = _run.Shell("echo $$ > b; setsid sh -c 'echo $$ > a; sleep 600' & wait", cancellation: cancel.Token);
        canceller.Join();
        Assert.Equal(ProcessEnd.Cancelled, result.End);
        _run.AssertEnded("a", "b");
    }

    [Fact]
    public void A_cancellation_that_came_first_ends_it_at_once()
    {
        ProcessResult result = _run.Shell("exec sleep 600", cancellation: new CancellationToken(canceled: true));
        Assert.Equal(ProcessEnd.Cancelled, result.End);
        Assert.InRange(_run.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_grandchild_that_holds_the_output_does_not_hold_the_build()
    {
        ProcessResult result = _run.Shell("sh -c 'echo $$ > a; sleep 600' & echo done; exit 4");
        Assert.Equal(new ProcessResult(ProcessEnd.Exited, 4, OutputHeld: true), result);
        Assert.Equal(["done"], _run.Lines);
        Assert.InRange(_run.Elapsed.TotalSeconds, 1.5, 10);
        Assert.True(ProcessRun.IsAlive(_run.PidIn("a")));
    }

    [Fact]
    public void A_grandchild_that_does_not_hold_the_output_is_not_waited_for()
    {
        ProcessResult result = _run.Shell("sleep 600 > /dev/null 2>&1 & echo $! > a; exit 0");
        Assert.Equal(new ProcessResult(ProcessEnd.Exited, 0, OutputHeld: false), result);
        Assert.True(ProcessRun.IsAlive(_run.PidIn("a")));
    }

    [Fact]
    public void What_is_written_shortly_after_the_end_is_still_taken()
    {
        ProcessResult result = _run.Shell("(sleep 0.3; echo late) & echo early");
        Assert.Equal(new ProcessResult(ProcessEnd.Exited, 0, OutputHeld: false), result);
        Assert.Equal(["early", "late"], _run.Lines);
    }

    [Fact]
    public void Nothing_remains_of_a_program_that_has_ended()
    {
        _run.Shell("echo $$ > a");
        Assert.False(Directory.Exists($"/proc/{_run.PidIn("a")}"));
    }
}
