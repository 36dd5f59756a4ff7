using Kinetra.Build.Torture;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>A call that fails once.</summary>
/// <param name="Point">The call.</param>
/// <param name="Error">The name of the error number.</param>
internal sealed record Fault(Point Point, string Error)
{
    /// <summary>Runs an operation with the fault, and returns what is wrong then.</summary>
    public IReadOnlyList<string> Try(Operation operation, Workspace template)
    {
        // What is done after a flush has failed is looked at too, so that its log has all calls.
        (Workspace workspace, TracedRun run) = Point.Hit(operation.Verb, template, "error=" + Error, alsoLog: Point.Call.Flushes);
        using (workspace)
        {
            List<string> problems = [.. Aftermath.OfRun(operation, workspace, new ProcessResult(run.ExitCode, run.Output), Point.Call)];
            if (Point.Call.Flushes && Error != "EINTR")
            {
                // The kernel has dropped the data by then, and a second flush would claim success.
                if (run.ExitCode == 0)
                {
                    problems.Add("says ok though a flush failed");
                }

                problems.AddRange(Protocol.FlushesAfterFailure(run.Calls));
            }

            return problems;
        }
    }

    /// <summary>Call and error.</summary>
    public override string ToString() => $"{Point.Text} ({Point.Index}) {Error}";
}
