using System.Diagnostics;
using Kinetra.Build.Core.Retry;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Retry;

public sealed class RetryLoopTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Result, int Number, TimeSpan Pause)> _pauses = [];

    [Fact]
    public void A_success_is_not_repeated()
    {
        Assert.Equal("good 1", Run(3, number => $"good {number}"));
        Assert.Empty(_pauses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Attempts_are_counted_from_one_and_the_last_result_is_returned(int attempts)
    {
        List<int> numbers = [];
        string last = Run(attempts, number =>
        {
            numbers.Add(number);
            return $"bad {number}";
        });
        Assert.Equal($"bad {attempts}", last);
        Assert.Equal(Enumerable.Range(1, attempts), numbers);
        Assert.Equal(Enumerable.Range(1, attempts - 1), _pauses.Select(pause => pause.Number));
        Assert.Equal(Enumerable.Range(1, attempts - 1).Select(number => $"bad {number}"), _pauses.Select(pause => pause.Result));
    }

    [Fact]
    public void A_success_ends_the_loop()
    {
        Assert.Equal("good 3", Run(9, number => number < 3 ? "bad" : $"good {number}"));
        Assert.Equal(2, _pauses.Count);
    }

    [Fact]
    public void What_may_not_be_retried_is_returned_at_once()
    {
        int attempts = 0;
        Assert.Equal("fatal", Run(9, _ => ++attempts < 2 ? "bad" : "fatal"));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public void Hours_of_back_off_take_no_time_on_a_clock_of_ones_own()
    {
        Stopwatch watch = Stopwatch.StartNew();
        DateTimeOffset start = _time.GetUtcNow();
        Run(6, _ => "bad", new RetryPolicy(6, TimeSpan.FromHours(1), TimeSpan.FromHours(8)));
        Assert.Equal([1, 2, 4, 8, 8], _pauses.Select(pause => pause.Pause.TotalHours));
        Assert.True((_time.GetUtcNow() - start).TotalHours >= 23);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void The_next_attempt_waits_for_the_end_of_the_pause()
    {
        using ManualResetEventSlim paused = new();
        int attempts = 0;
        RetryLoop<string> loop = new(new RetryPolicy(2, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), _time, () => 0);
        Thread thread = new(() => loop.Run(_ => { attempts++; return "bad"; }, _ => true, (_, _, _) => paused.Set(), CancellationToken.None));
        thread.Start();
        paused.Wait();
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(thread.Join(200));
        Assert.Equal(1, attempts);
        while (!thread.Join(10))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, attempts);
    }

    [Fact]
    public void A_cancellation_ends_a_pause_at_once()
    {
        using CancellationTokenSource cancel = new();
        RetryLoop<string> loop = new(new RetryPolicy(2, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), _time, () => 0);
        int attempts = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Run(
            _ => { attempts++; return "bad"; },
            _ => true,
            (_, _, _) => cancel.CancelAfter(20),
            cancel.Token));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public void A_cancellation_before_the_pause_counts_too()
    {
        using CancellationTokenSource cancel = new();
        RetryLoop<string> loop = new(new RetryPolicy(2, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), _time, () => 0);
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Run(
            _ => { cancel.Cancel(); return "bad"; },
            _ => true,
            (_, _, _) => { },
            cancel.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_exception_is_not_retried(int failing)
    {
        int attempts = 0;
        Assert.Throws<InvalidDataException>(() => Run(5, number =>
        {
            attempts++;
            return number == failing ? throw new InvalidDataException() : "bad";
        }));
        Assert.Equal(failing, attempts);
    }

    [Fact]
    public void Without_a_delay_there_is_no_waiting()
    {
        RetryLoop<string> loop = new(new RetryPolicy(4, TimeSpan.Zero, TimeSpan.Zero), _time, () => 0);
        Assert.Equal("bad 4", loop.Run(number => $"bad {number}", _ => true, (_, _, _) => { }, CancellationToken.None));
    }

    // Another thread moves the clock whenever the loop waits.
    private string Run(int attempts, Func<int, string> attempt, RetryPolicy? policy = null)
    {
        RetryLoop<string> loop = new(policy ?? new RetryPolicy(attempts, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), _time, () => 0);
        using ClockHand hand = new(_time);
        return loop.Run(
            number =>
            {
                hand.Stop();
                return attempt(number);
            },
            result => result.StartsWith("bad", StringComparison.Ordinal),
            (result, number, pause) =>
            {
                _pauses.Add((result, number, pause));
                hand.Move(pause);
            },
            CancellationToken.None);
    }
}
