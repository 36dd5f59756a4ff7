using System.Text.Json;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class StepRunnerTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly WorkflowRun _run;
    private readonly ClockHand _hand;
    private readonly List<(LogLevel Level, string Message)> _reports = [];
    private readonly List<Problem> _problems = [];
    private readonly List<Attempt> _attempts = [];

    public StepRunnerTests()
    {
        _run = _project.StartRun();
        _hand = new ClockHand(_project.Time);
    }

    public void Dispose()
    {
        _hand.Dispose();
        _run.Dispose();
        _project.Dispose();
    }

    [Fact]
    public void A_success_completes_the_step()
    {
        StepOutcome outcome = Run(_ => Exit(0));
        Assert.Equal(new StepOutcome(StepStatus.Completed, 1, 0, TimeSpan.Zero, "1.log", null) { Record = outcome.Record, Reason = "a run from the start" }, outcome);
        AssertStateAgrees(outcome, "completed");
        Assert.DoesNotContain(_reports, report => report.Level >= LogLevel.Warning);
    }

    [Fact]
    public void A_success_on_the_third_attempt_has_two_retries_and_two_warnings()
    {
        StepOutcome outcome = Run(number => Exit(number < 3 ? 7 : 0));
        Assert.Equal((StepStatus.Completed, 3, 0, "3.log"), (outcome.Status, outcome.Attempts, outcome.ExitCode, outcome.LogFile));
        Assert.Null(outcome.Failure);
        AssertStateAgrees(outcome, "completed");
        string[] warnings = [.. _reports.Where(report => report.Level == LogLevel.Warning).Select(report => report.Message)];
        Assert.Equal(2, warnings.Length);
        Assert.Contains("attempt 1 of 3", warnings[0]);
        Assert.Contains("attempt 2 of 3", warnings[1]);
        Assert.All(warnings, warning => Assert.Contains("exit code 7", warning));
        Assert.All(warnings, warning => Assert.Contains("a step", warning));
    }

    [Fact]
    public void The_duration_has_the_pauses_in_it()
    {
        StepOutcome outcome = Run(number => Exit(number < 3 ? 7 : 0), delay: TimeSpan.FromHours(1));
        Assert.True(outcome.Duration >= TimeSpan.FromHours(3));
    }

    [Fact]
    public void The_last_failure_is_the_one_that_is_told()
    {
        StepOutcome outcome = Run(number => new AttemptResult(ProcessEnd.Exited, 136 + number, ["one", "two", $"three {number}"], $"logs/{number}.log"), suggestion: " Buy more memory. ");
        Assert.Equal((StepStatus.Failed, 3, 139), (outcome.Status, outcome.Attempts, outcome.ExitCode));
        Assert.Equal(DiagnosticCodes.StepFailed, outcome.Failure!.Code);
        string message = outcome.Failure.Message;
        Assert.Contains("\"a step\"", message);
        Assert.Contains("3 of 3", message);
        Assert.Contains(ExitCode.Describe(139), message);
        Assert.Contains("three 3", message);
        Assert.DoesNotContain("three 2", message);
        Assert.Contains("logs/3.log", message);
        Assert.EndsWith("Suggestion: Buy more memory.", message);
        AssertStateAgrees(outcome, "failed");
    }

    [Fact]
    public void The_last_five_lines_of_output_are_told()
    {
        StepOutcome outcome = Run(_ => new AttemptResult(ProcessEnd.Exited, 1, [.. Enumerable.Range(1, 9).Select(i => $"line {i}")], null), maxAttempts: 1);
        Assert.Equal(["line 5", "line 6", "line 7", "line 8", "line 9"], outcome.Failure!.Message.Split('\n').Skip(1).Select(line => line.TrimStart(' ', '|')));
    }

    [Fact]
    public void Problems_are_told_when_the_fate_of_their_attempt_is_known()
    {
        Run(number => Tells(number < 3 ? 1 : 0, number));
        Assert.Equal(
            ["message: a step: e1", "message: a step: w1", "message: a step: e2", "message: a step: w2", "warning: a step: e3", "warning: a step: w3"],
            _problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData(true, "error: a step: e1")]
    [InlineData(false, "warning: a step: e1")]
    public void Only_a_critical_step_that_has_failed_has_errors(bool critical, string first)
    {
        Run(number => Tells(1, number), maxAttempts: 1, critical: critical);
        Assert.Equal([first, "warning: a step: w1"], _problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData(1, LogLevel.Info)]
    [InlineData(2, LogLevel.Debug)]
    public void How_many_problems_were_left_out_is_a_message(int attempts, LogLevel level)
    {
        Run(number => number < attempts ? Many(Tells(1, number)) : number == 1 ? Many(Tells(0, number)) : Tells(0, number), maxAttempts: attempts);
        Assert.Equal(level, Assert.Single(_reports, report => report.Message == "a step: 800 more warnings, errors and notices are in the step's log only.").Level);
        Assert.Equal(2 * attempts, _problems.Count);

        static AttemptResult Many(AttemptResult result) => result with { Output = result.Output with { ProblemsLeftOut = 800 } };
    }

    [Fact]
    public void Problems_of_an_interrupted_attempt_are_warnings()
    {
        Run(number => Tells(143, number) with { End = ProcessEnd.Cancelled });
        Assert.Equal(["warning: a step: e1", "warning: a step: w1"], _problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Operations_and_progress_of_the_last_attempt_are_in_the_state()
    {
        Run(number => Tells(number < 2 ? 1 : 0, number));
        StepRecord record = Assert.Single(_run.Steps);
        Assert.Equal([new StepOperation("op 2", TimeSpan.FromSeconds(1.5))], record.Operations);
        Assert.Equal(52, record.Progress);
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(_run.StateFile.Full)).RootElement.GetProperty("steps")[0];
        Assert.Equal(52, json.GetProperty("progress").GetInt32());
        JsonElement operation = Assert.Single(json.GetProperty("operations").EnumerateArray());
        Assert.Equal("op 2", operation.GetProperty("name").GetString());
        Assert.Equal(1.5, operation.GetProperty("duration").GetDouble());
    }

    [Fact]
    public void A_common_failure_has_a_suggestion_of_our_own()
    {
        StepOutcome outcome = Run(_ => new AttemptResult(ProcessEnd.Exited, 127, ["/bin/sh: 1: jq: not found"], null));
        Assert.Contains("Suggestion: Install jq", outcome.Failure!.Message);
    }

    [Fact]
    public void Without_output_log_and_suggestion_the_message_is_one_line()
    {
        StepOutcome outcome = Run(_ => new AttemptResult(ProcessEnd.Exited, 1, [], null), maxAttempts: 1);
        Assert.DoesNotContain('\n', outcome.Failure!.Message);
        Assert.Null(outcome.LogFile);
    }

    [Theory]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(64)]
    public void What_will_not_get_better_is_tried_once(int code)
    {
        StepOutcome outcome = Run(_ => Exit(code), exitCodes: new RetryExitCodes([], [64]));
        Assert.Equal((StepStatus.Failed, 1, code), (outcome.Status, outcome.Attempts, outcome.ExitCode));
        Assert.Contains("1 of 3", outcome.Failure!.Message);
        AssertStateAgrees(outcome, "failed");
    }

    [Fact]
    public void Only_the_listed_exit_codes_are_tried_again()
    {
        StepOutcome outcome = Run(number => Exit(number == 1 ? 75 : 1), exitCodes: new RetryExitCodes([75], []));
        Assert.Equal((2, 1), (outcome.Attempts, outcome.ExitCode));
    }

    [Fact]
    public void A_timeout_is_tried_again_and_has_a_code_of_its_own()
    {
        StepOutcome outcome = Run(_ => new AttemptResult(ProcessEnd.TimedOut, 143, ["slow"], "x.log"));
        Assert.Equal((StepStatus.Failed, 3, null), (outcome.Status, outcome.Attempts, outcome.ExitCode));
        Assert.Equal(DiagnosticCodes.StepTimedOut, outcome.Failure!.Code);
        AssertStateAgrees(outcome, "failed");
    }

    [Fact]
    public void A_coded_error_fails_the_step_at_once_and_keeps_its_code_and_place()
    {
        StepOutcome outcome = Run(_ => throw new KinetraException(DiagnosticCodes.CannotStart, "no such program") { File = "f", Line = 7 }, suggestion: "Install it.");
        Assert.Equal((StepStatus.Failed, 1, null), (outcome.Status, outcome.Attempts, outcome.ExitCode));
        Assert.Equal((DiagnosticCodes.CannotStart, "f", 7), (outcome.Failure!.Code, outcome.Failure.File, outcome.Failure.Line));
        Assert.Contains("\"a step\"", outcome.Failure.Message);
        Assert.Contains("no such program", outcome.Failure.Message);
        Assert.Contains("Install it.", outcome.Failure.Message);
        AssertStateAgrees(outcome, "failed");
    }

    [Fact]
    public void A_bug_is_not_retried_and_surfaces()
    {
        Assert.Throws<InvalidOperationException>(() => Run(_ => throw new InvalidOperationException()));
        Assert.Single(_attempts);
    }

    [Fact]
    public void An_attempt_that_was_cancelled_interrupts_the_step()
    {
        StepOutcome outcome = Run(_ =>
        {
            _run.Stop();
            return new AttemptResult(ProcessEnd.Cancelled, 143, [], "1.log");
        });
        Assert.Equal((StepStatus.Interrupted, 1, null), (outcome.Status, outcome.Attempts, outcome.ExitCode));
        Assert.Equal(DiagnosticCodes.StepInterrupted, outcome.Failure!.Code);
        AssertStateAgrees(outcome, "interrupted");
    }

    [Fact]
    public void A_stop_during_a_pause_interrupts_the_step()
    {
        using CancellationTokenSource cancel = new();
        StepOutcome outcome = Run(_ => Exit(1), delay: TimeSpan.FromHours(1), onWarning: () => cancel.CancelAfter(30), moveClock: false, cancellation: cancel.Token);
        Assert.Equal((StepStatus.Interrupted, 1), (outcome.Status, outcome.Attempts));
        AssertStateAgrees(outcome, "interrupted");
    }

    [Fact]
    public void A_stop_of_the_run_reaches_the_attempt_and_its_pauses()
    {
        StepOutcome outcome = Run(_ => Exit(1), delay: TimeSpan.FromHours(1), onWarning: _run.Stop, moveClock: false);
        Assert.Equal(StepStatus.Interrupted, outcome.Status);
        Assert.True(Assert.Single(_attempts).Cancellation.CanBeCanceled);
    }

    [Fact]
    public void A_stop_before_the_first_attempt_makes_none()
    {
        _run.Stop();
        StepOutcome outcome = Run(_ => Exit(0));
        Assert.Equal((StepStatus.Interrupted, 0), (outcome.Status, outcome.Attempts));
        Assert.Empty(_attempts);
        Assert.Equal(StepStatus.Interrupted, Assert.Single(_run.Steps).Status);
    }

    [Fact]
    public void A_step_without_an_attempt_has_none_in_the_record()
    {
        _run.Stop();
        Run(_ => Exit(0));
        Assert.Equal(0, Assert.Single(_run.Steps).Attempts);
    }

    [Theory]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(143)]
    public void A_death_by_a_signal_that_the_build_gets_too_is_no_failure(int code)
    {
        // The child dies of Ctrl-C before the build hears of it.
        using Timer late = new(_ => _run.Stop());
        StepOutcome outcome = Run(_ =>
        {
            late.Change(20, Timeout.Infinite);
            return Exit(code);
        }, maxAttempts: 1);
        Assert.Equal((StepStatus.Interrupted, 1), (outcome.Status, outcome.Attempts));
    }

    [Fact]
    public void A_death_by_a_signal_of_its_own_is_a_failure_like_others()
    {
        StepOutcome outcome = Run(number => Exit(number == 1 ? 143 : 0));
        Assert.Equal((StepStatus.Completed, 2), (outcome.Status, outcome.Attempts));
    }

    [Fact]
    public void A_success_counts_though_the_build_was_told_to_stop_meanwhile()
    {
        StepOutcome outcome = Run(_ =>
        {
            _run.Stop();
            return Exit(0);
        });
        Assert.Equal(StepStatus.Completed, outcome.Status);
    }

    [Fact]
    public void Each_attempt_has_a_number_and_a_log_of_its_own()
    {
        Run(_ => Exit(1));
        Assert.Equal([1, 2, 3], _attempts.Select(attempt => attempt.Number));
        Assert.Equal(Enumerable.Range(1, 3).Select(number => _run.OutputOf(_run.Steps[0], number)), _attempts.Select(attempt => attempt.Log));
    }

    [Fact]
    public void After_the_runs_end_no_step_begins()
    {
        _run.Finish(RunStatus.Completed);
        Assert.Equal(DiagnosticCodes.RunEnded, Assert.Throws<KinetraException>(() => Run(_ => Exit(0))).Code);
        Assert.Empty(_attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void There_is_no_further_attempt_after_a_stop_that_the_step_itself_has_yet_to_hear_of(bool ofTheBuild)
    {
        using CancellationTokenSource own = new();
        using ManualResetEventSlim heard = new();
        Task? stop = null;
        StepContext context = new([])
        {
            // The last to register is the first to be told: it keeps the others waiting.
            Resuming = () =>
            {
                if (stop is not null)
                {
                    return;
                }

                CancellationToken told = ofTheBuild ? _run.Stopping : own.Token;
                told.Register(heard.Wait);
                stop = Task.Run(() =>
                {
                    if (ofTheBuild)
                    {
                        _run.Stop();
                    }
                    else
                    {
                        own.Cancel();
                    }
                });
                SpinWait.SpinUntil(() => told.IsCancellationRequested);
            },
        };
        int attempts = 0;
        FakeStep work = new(_project, "step", _ => ++attempts > 0 ? FakeStep.Failure : FakeStep.Success);
        StepDefinition step = new("step", IsCritical: true, new RetryPolicy(3, TimeSpan.Zero, TimeSpan.Zero), new RetryExitCodes([], []), null);
        using StepReuse reuse = new(_run, _project.Time);
        StepOutcome outcome;
        try
        {
            outcome = new StepRunner(_run, reuse, _project.Time, () => 0, (_, _) => { }).Run(step, work, own.Token, context);
        }
        finally
        {
            heard.Set();
            stop?.Wait();
        }

        Assert.Equal((StepStatus.Interrupted, 1), (outcome.Status, attempts));
    }

    [Fact]
    public void Of_several_attempts_each_has_its_times_in_the_state()
    {
        Run(
            number =>
            {
                _project.Time.Advance(TimeSpan.FromSeconds(10 + number));
                return Exit(number < 3 ? 7 : 0);
            },
            delay: TimeSpan.FromHours(1));
        StepRecord record = Assert.Single(_run.Steps);
        Assert.Equal(3, record.AttemptTimes.Count);
        Assert.Equal([7, 7, 0], record.AttemptTimes.Select(attempt => attempt.ExitCode));
        Assert.Equal(["exit code 7", "exit code 7", null], record.AttemptTimes.Select(attempt => attempt.Error));
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(2), null], record.AttemptTimes.Select(attempt => attempt.Pause));
        Assert.All(Enumerable.Range(1, 3), number => Assert.True(record.AttemptTimes[number - 1].Duration >= TimeSpan.FromSeconds(10 + number)));
        Assert.All(Enumerable.Range(1, 2), number => Assert.True(record.AttemptTimes[number].Start >= record.AttemptTimes[number - 1].Start + record.AttemptTimes[number - 1].Duration + record.AttemptTimes[number - 1].Pause));
        JsonElement[] json = [.. JsonDocument.Parse(File.ReadAllBytes(_run.StateFile.Full)).RootElement.GetProperty("steps")[0].GetProperty("attempt_times").EnumerateArray()];
        Assert.Equal(record.AttemptTimes.Select(attempt => attempt.Start.TotalSeconds), json.Select(attempt => attempt.GetProperty("start").GetDouble()));
        Assert.Equal(3600, json[0].GetProperty("pause").GetDouble());
        Assert.False(json[2].TryGetProperty("pause", out _));
    }

    [Fact]
    public void An_only_attempt_needs_no_times_of_its_own()
    {
        Run(_ => Exit(0));
        Assert.Empty(Assert.Single(_run.Steps).AttemptTimes);
        Assert.False(JsonDocument.Parse(File.ReadAllBytes(_run.StateFile.Full)).RootElement.GetProperty("steps")[0].TryGetProperty("attempt_times", out _));
    }

    private AttemptResult Exit(int code) => new(ProcessEnd.Exited, code, ["output"], $"{_attempts.Count}.log");

    private StepOutcome Run(
        Func<int, AttemptResult> attempt,
        int maxAttempts = 3,
        RetryExitCodes? exitCodes = null,
        TimeSpan? delay = null,
        string? suggestion = null,
        Action? onWarning = null,
        bool critical = true,
        bool moveClock = true,
        CancellationToken cancellation = default)
    {
        StepDefinition step = new("a step", critical, new RetryPolicy(maxAttempts, delay ?? TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), exitCodes ?? new RetryExitCodes([], []), suggestion);
        using StepReuse reuse = new(_run, _project.Time);
        StepRunner runner = new(_run, reuse, _project.Time, () => 0, (level, message) =>
        {
            _reports.Add((level, message));
            if (level == LogLevel.Warning)
            {
                onWarning?.Invoke();
                _hand.Move(moveClock ? step.Retry.Delay : TimeSpan.Zero);
            }
        }, _problems.Add);
        return runner.Run(
            step,
            new FakeStep(_project, step.Name, next =>
            {
                _hand.Stop();
                _attempts.Add(next);
                return attempt(next.Number);
            }),
            cancellation);
    }

    private static AttemptResult Tells(int exitCode, int number) => new(ProcessEnd.Exited, exitCode, [], null)
    {
        Output = new AttemptOutput(
            [new StepOperation($"op {number}", TimeSpan.FromSeconds(1.5))],
            50 + number,
            [new Problem(ProblemKind.Error, $"e{number}"), new Problem(ProblemKind.Warning, $"w{number}")],
            0),
    };

    // What is returned, what the run knows and what is in its state file are the same.
    private void AssertStateAgrees(StepOutcome outcome, string status)
    {
        StepRecord record = Assert.Single(_run.Steps);
        Assert.Equal((outcome.Status, outcome.Attempts, outcome.ExitCode, outcome.Duration, outcome.LogFile, outcome.Failure?.Message), (record.Status, record.Attempts, record.ExitCode, record.Duration!.Value, record.LogFile, record.Error));

        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(_run.StateFile.Full)).RootElement.GetProperty("steps")[0];
        Assert.Equal(status, json.GetProperty("status").GetString());
        Assert.Equal(outcome.Attempts - 1, json.GetProperty("retry_count").GetInt32());
        Assert.Equal(outcome.Failure?.Message, json.GetProperty("error").GetString());
        Assert.Equal(outcome.Duration.TotalSeconds, json.GetProperty("duration").GetDouble());
        Assert.Equal(outcome.LogFile, json.GetProperty("log_file").GetString());
    }
}
