using System.Collections.Concurrent;
using Kinetra.Build.Torture;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>One run of an operation with nothing done to it, and all its file calls.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Root">Where it worked; the folder is gone.</param>
/// <param name="Existing">What was there before.</param>
/// <param name="Run">How it went.</param>
internal sealed record Recording(Operation Operation, string Root, IReadOnlyList<string> Existing, TracedRun Run)
{
    private static readonly ConcurrentDictionary<string, Lazy<Recording>> Made = [];

    /// <summary>The recording of an operation that all sweeps share.</summary>
    public static Recording Of(Operation operation) => Made.GetOrAdd(operation.Verb, _ => new Lazy<Recording>(() => Confirmed(operation))).Value;

    /// <summary>Another recording.</summary>
    public static Recording Make(Operation operation)
    {
        using Workspace workspace = Workspace.For(operation);
        string[] existing = Directory.GetFileSystemEntries(workspace.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        TracedRun run = Strace.Run(operation.Verb, workspace.Root);
        return run.ExitCode == 0
            ? new Recording(operation, workspace.Root, existing, run)
            : throw new InvalidOperationException($"{operation} fails without any help: {run.Output}");
    }

    // On a busy machine a call may be repeated, and no other run would ever reach that one: the sweeps aim at what two runs did alike.
    private static Recording Confirmed(Operation operation)
    {
        Recording last = Make(operation);
        for (int tries = 0; tries < 10; tries++)
        {
            Recording next = Make(operation);
            if (next.Texts().SequenceEqual(last.Texts()))
            {
                return next;
            }

            last = next;
        }

        throw new InvalidOperationException($"no two runs of {operation} make the same calls");
    }

    // In the order of each name's calls: which of two threads comes first does not matter.
    private IEnumerable<string> Texts() => Points().OrderBy(point => point.Call.Name, StringComparer.Ordinal).Select(point => point.Text);

    /// <summary>All its calls in its folder, as points to do something at.</summary>
    public IReadOnlyList<Point> Points()
    {
        Dictionary<string, int> indices = [];
        return [.. Run.In(Root).Select(call => new Point(call, indices[call.Name] = indices.GetValueOrDefault(call.Name) + 1, call.Describe(Root)))];
    }

    /// <summary>The names of its temporary files, relative.</summary>
    public IReadOnlyList<string> Temporaries() =>
    [
        .. Run.In(Root).Where(call => call.OpensForWriting).Select(call => call.Paths().First(path => path.StartsWith(Root + "/", StringComparison.Ordinal)))
            .Where(path => path.EndsWith(".tmp", StringComparison.Ordinal)).Select(path => Path.GetRelativePath(Root, path)).Distinct(),
    ];
}
