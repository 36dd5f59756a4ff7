using Kinetra.Build.Core.Runs;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Runs of a workflow, new and continued, killed before each of their system calls, and with each of them failing.</summary>
[Collection(SweepCollection.Name)]
public sealed class RunSweepTests
{
    private static readonly string[] Usual = ["ENOSPC", "EIO", "EACCES", "EINTR", "EXDEV"];
    private static readonly string[] Rare = ["EDQUOT", "EROFS", "EMFILE", "EPERM"];

    public static TheoryData<string> Operations => [.. RunOperation.All.Select(operation => operation.Verb)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_kill_at_any_call_forgets_no_step_and_the_next_run_works(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        Point[] points = [.. Recording.Of(operation).Points().Where(point => Sweep.IsFull || point.Call.Changes)];
        points = Sweep.IsFull ? points : [.. Sample(points, 4)];
        Sweep.Run($"kill {verb}", points, point => $"{point.Text} ({point.Index})", point => Kill(operation, template, point));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_call_that_fails_is_a_coded_error_or_is_overcome_and_no_step_is_forgotten(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        IReadOnlyList<Point> points = Recording.Of(operation).Points();
        (Point Point, string Error)[] faults = Sweep.IsFull
            ? [.. points.SelectMany(point => Usual.Concat(Rare).Select(error => (point, error)))]
            : [.. Faults(points)];
        Sweep.Run($"fault {verb}", faults, fault => $"{fault.Point.Text} ({fault.Point.Index}) {fault.Error}", fault => Fail(operation, template, fault.Point, fault.Error));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void No_step_is_said_to_be_done_before_the_journal_has_it_durably(string verb)
    {
        Strace.Require();
        Recording recording = Recording.Of(Operation.Named(verb));
        Assert.Equal(verb == "workflow" ? 3 : 2, recording.Run.Output.Split('\n').Count(line => line.StartsWith("done ", StringComparison.Ordinal)));
        Assert.Empty(RunProtocol.Violations(recording.Run, recording.Root));
    }

    [Fact]
    public void Steps_that_are_undone_at_the_same_time_wait_for_the_disk_and_share_a_flush()
    {
        Strace.Require();
        using Workspace workspace = Workspace.For(RunOperation.Undone);

        // A slow disk: whoever comes while it writes waits for the next flush.
        TracedRun run = Strace.Run(RunOperation.Undone.Verb, workspace.Root, "fsync:delay_enter=200000", alsoLog: true);
        Assert.Equal(0, run.ExitCode);
        SystemCall[] calls = [.. run.Calls.SkipWhile(call => !IsAttempt(call))];
        Assert.Equal(RunOperation.UndoneCount, calls.Count(IsAttempt));
        for (int i = 1; i <= RunOperation.UndoneCount; i++)
        {
            int written = Array.FindIndex(calls, call => IsAttempt(call) && call.Arguments.Contains($"KINETRA_ATTEMPT_ID=s{i}\\\"", StringComparison.Ordinal));
            int begun = Array.FindIndex(calls, call => call.Name == "write" && call.Arguments.Contains($"\"begun s{i}\\n\"", StringComparison.Ordinal));
            Assert.True(written >= 0 && begun > written, $"s{i}: {written}, {begun}");
            Assert.Contains(calls[written..begun], IsFlush);
        }

        Assert.InRange(calls.Count(IsFlush), 1, RunOperation.UndoneCount / 2);
    }

    [Fact]
    public void A_journal_that_is_not_flushed_and_one_that_comes_too_late_are_caught()
    {
        Strace.Require();
        Assert.Empty(Violations("naive-journal"));
        Assert.Empty(Kills("naive-journal"));
        Assert.Contains("done a before the journal is flushed", Violations("naive-journal-unflushed"));
        Assert.Contains(Kills("naive-journal-early"), problem => problem.Contains("a was said to be done, and no journal knows it", StringComparison.Ordinal));
    }

    private static bool IsAttempt(SystemCall call) => IsOfJournal(call) && call.Name == "pwrite64" && call.Arguments.Contains("\\\"attempt\\\":{", StringComparison.Ordinal);

    private static bool IsFlush(SystemCall call) => IsOfJournal(call) && call.Flushes;

    private static bool IsOfJournal(SystemCall call) => call.Paths().Any(path => path.EndsWith(RunJournal.Extension, StringComparison.Ordinal));

    private static IReadOnlyList<string> Violations(string verb)
    {
        Recording recording = Recording.Of(Operation.Named(verb));
        return RunProtocol.Violations(recording.Run, recording.Root);
    }

    private static IReadOnlyList<string> Kills(string verb)
    {
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        Point[] points = [.. Recording.Of(operation).Points().Where(point => point.Call.Name == "pwrite64" && point.Text.Contains(RunJournal.Extension, StringComparison.Ordinal))];
        Assert.Equal(2 * RunOperation.Steps.Count, points.Length);
        return Sweep.Problems(points, point => point.Text, point => Kill(operation, template, point), out _);
    }

    private static IReadOnlyList<string> Kill(Operation operation, Workspace template, Point point)
    {
        (Workspace workspace, TracedRun run) = point.Hit(operation.Verb, template, "signal=KILL");
        using (workspace)
        {
            return run.ExitCode == 137 ? RunAftermath.Of(operation, workspace, run.Output) : [$"not killed: exit code {run.ExitCode}"];
        }
    }

    private static IReadOnlyList<string> Fail(Operation operation, Workspace template, Point point, string error)
    {
        (Workspace workspace, TracedRun run) = point.Hit(operation.Verb, template, "error=" + error, alsoLog: point.Call.Flushes);
        using (workspace)
        {
            return RunAftermath.OfFault(operation, workspace, run, point.Call, error);
        }
    }

    // The error another one each time. Where .NET writes by itself, EACCES is another exception than the rest.
    private static IEnumerable<(Point Point, string Error)> Faults(IReadOnlyList<Point> points) =>
        Sample([.. points.Where(point => point.Call.Changes)], 8)
            .Concat(points.Where(point => !point.Call.Changes).Where((_, index) => index % 30 == 0))
            .Select((point, index) => (point, Usual[index % Usual.Length]))
            .Append((points.Last(point => point.Call.Name == "pwrite64" && point.Text.EndsWith(".log", StringComparison.Ordinal)), "EACCES"));

    // All that concerns a journal, and some of the rest.
    private static IEnumerable<Point> Sample(IReadOnlyList<Point> points, int every) =>
        points.Where((point, index) => index % every == 0 || point.Text.Contains(RunJournal.Extension, StringComparison.Ordinal));
}
