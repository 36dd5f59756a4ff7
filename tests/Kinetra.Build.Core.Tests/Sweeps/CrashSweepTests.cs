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
        Point[] points = [.. Point.Of(verb, template).Where(point => Sweep.IsFull || point.Call.Changes)];
        Sweep.Run($"kill {verb}", points, point => $"{point.Text} ({point.Index})", point => Kill(operation, template, point));
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
