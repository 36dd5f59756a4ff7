using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Kills each operation with SIGKILL before each of its system calls in turn.</summary>
[Collection(SweepCollection.Name)]
public sealed class CrashSweepTests
{
    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void A_kill_at_any_call_loses_nothing_and_the_next_run_completes_it(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        Point[] points = [.. Recording.Of(operation).Points().Where(point => Sweep.IsFull || point.Call.Changes)];

        // Operations share most of their calls: each one's turn comes in one of two.
        points = [.. points.Where((_, index) => Sweep.IsFull || (index + verb.Length) % 2 == 0)];
        Sweep.Run($"kill {verb}", points, point => $"{point.Text} ({point.Index})", point => Kill(operation, template, point));
    }

    [Fact]
    public void A_point_that_no_run_reaches_is_an_error_and_no_pass()
    {
        Strace.Require();
        Operation operation = Operation.Named("write");
        using Workspace template = Workspace.For(operation);
        Point point = Recording.Of(operation).Points().Last(point => point.Call.Flushes) with { Index = 99 };
        Assert.Throws<InvalidOperationException>(() => Kill(operation, template, point));
    }

    /// <summary>Kills at one point and returns what is wrong then.</summary>
    internal static IReadOnlyList<string> Kill(Operation operation, Workspace template, Point point)
    {
        (Workspace workspace, TracedRun run) = point.Hit(operation.Verb, template, "signal=KILL");
        using (workspace)
        {
            return run.ExitCode == 137 ? Aftermath.OfKill(operation, workspace) : [$"not killed: exit code {run.ExitCode}"];
        }
    }
}
