using System.Text.RegularExpressions;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Testing;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Storing in a cache and restoring from it, killed before each system call, and with each of them failing.</summary>
[Collection(SweepCollection.Name)]
public sealed partial class CacheSweepTests
{
    private static readonly string[] Errors = ["ENOSPC", "EIO", "EACCES", "EINTR", "EXDEV", "EDQUOT", "EROFS", "EMFILE", "EPERM"];

    public static TheoryData<string> Operations => [.. CacheOperation.All.Select(operation => operation.Verb)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_kill_at_any_call_leaves_whole_targets_and_no_entry_without_its_contents(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        Point[] points = [.. Recording.Of(operation).Points().Where(point => Sweep.IsFull || point.Call.Changes)];
        points = [.. points.Where((_, index) => Sweep.IsFull || index % 2 == 0)];
        Sweep.Run($"kill {verb}", points, point => $"{point.Text} ({point.Index})", point =>
        {
            (Workspace workspace, TracedRun run) = point.Hit(verb, template, "signal=KILL");
            using (workspace)
            {
                return [.. run.ExitCode == 137 ? (string[])[] : [$"not killed: exit code {run.ExitCode}"], .. Problems(operation, workspace)];
            }
        });
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_call_that_fails_is_a_coded_error_or_is_overcome(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        IReadOnlyList<Point> points = Recording.Of(operation).Points();
        (Point Point, string Error)[] faults = Sweep.IsFull
            ? [.. points.SelectMany(point => Errors.Select(error => (point, error)))]
            : [.. points.Where((point, index) => point.Call.Changes || index % 8 == 0).Select((point, index) => (point, Errors[index % Errors.Length]))];
        Sweep.Run($"fault {verb}", faults, fault => $"{fault.Point.Text} ({fault.Point.Index}) {fault.Error}", fault =>
        {
            (Workspace workspace, TracedRun run) = fault.Point.Hit(verb, template, "error=" + fault.Error);
            using (workspace)
            {
                bool isFair = run.ExitCode == 0 || (run.ExitCode == 1 && Coded().IsMatch(run.Output));
                return [.. isFair ? (string[])[] : [$"exit code {run.ExitCode}: {run.Output.Trim()}"], .. Problems(operation, workspace)];
            }
        });
    }

    private static List<string> Problems(Operation operation, Workspace workspace)
    {
        List<string> problems = [];
        Scene project = workspace.Scene;
        bool isRestored = operation.Verb == "cache-restore";
        foreach ((string path, string content) in CacheOperation.Outputs)
        {
            string? now = File.Exists(project.Path(path).Full) ? File.ReadAllText(project.Path(path).Full) : null;
            string? old = !isRestored ? content : path == "out/large.csv" ? CacheOperation.Tampered : null;
            problems.AddRange(now == old || (isRestored && now == content) ? [] : [$"{path} is neither the old nor the new one"]);
        }

        Look(project, isRestored, "afterwards", problems);
        try
        {
            operation.Run(project);
        }
        catch (Exception error) when (error is KinetraException or IOException or InvalidOperationException)
        {
            problems.Add($"the next run fails: {error.Message}");
        }

        Look(project, isKnown: true, "after the next run", problems);
        problems.AddRange(workspace.Files().Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)).Select(file => $"{SystemCall.Anonymous(file)} is left"));
        return problems;
    }

    // Whatever is found is restored as it should be, and every content is what its name says.
    private static void Look(Scene project, bool isKnown, string when, List<string> problems)
    {
        string objects = project.Path(CacheOperation.CacheName).Combine("objects").Full;
        if (Directory.Exists(objects))
        {
            problems.AddRange(
                from directory in Directory.GetDirectories(objects)
                from path in Directory.GetFiles(directory)
                where FileDigest.Compute(new FilePath(path, path)) != Path.GetFileName(path)
                select $"{when}: a content is not what its name says");
        }

        using TempFolder other = new();
        try
        {
            if (!CacheOperation.TryRestore(project, other.Root))
            {
                problems.AddRange(isKnown ? [$"{when}: the step is not known"] : []);
                return;
            }

            problems.AddRange(CacheOperation.Outputs.Where(output => other.Read(output.Key) != output.Value).Select(output => $"{when}: {output.Key} is restored wrongly"));
        }
        catch (Exception error) when (error is KinetraException or IOException or InvalidOperationException)
        {
            problems.Add($"{when}: {error.Message}");
        }
    }

    [GeneratedRegex("^KIN5012: ")]
    private static partial Regex Coded();
}
