using System.Collections.Concurrent;
using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>
/// Whatever ends a build, however it was started and whatever its step is: no process is left, and nothing looks like success.
/// The exception is the exit code of <c>dotnet build</c> on SIGTERM while the build runs in a server: that process has none of
/// our code. A server can be forbidden, as <see cref="Launch.NoServer"/> shows.
/// </summary>
public sealed class SignalMatrixTests
{
    // Each ending, each launch and each child at least once; KINETRA_FULL=1 (tests/full.sh) tries all of them.
    private static readonly SignalCase[] Sample =
    [
        new(Ending.InterruptGroup, Launch.Build, Child.Deaf),
        new(Ending.Interrupt, Launch.MSBuild, Child.Daemon),
        new(Ending.Terminate, Launch.OneNode, Child.Plain),
        new(Ending.Hangup, Launch.Threads, Child.Daemon),
        new(Ending.Terminal, Launch.OneNode, Child.Daemon),
        new(Ending.Kill, Launch.Build, Child.Deaf),
        new(Ending.Interrupt, Launch.OldServer, Child.Plain),
        new(Ending.Terminate, Launch.Server, Child.Daemon),
        new(Ending.Kill, Launch.Server, Child.Plain),
        new(Ending.Terminate, Launch.NoServer, Child.Deaf),
    ];

    private static bool IsFull { get; } = Environment.GetEnvironmentVariable("KINETRA_FULL") == "1";

    [Fact]
    public void However_a_build_ends_no_process_runs_on_and_nothing_looks_like_success()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Needs /proc, and util-linux for a terminal.");
        IReadOnlyList<SignalCase> cases = IsFull ? All() : Sample;
        ConcurrentDictionary<SignalCase, IReadOnlyList<string>> problems = [];
        Parallel.ForEach(Partitioner.Create(cases, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = 2 }, one => problems[one] = one.Try());

        string report = Report(cases, problems);
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        string directory = Directory.CreateDirectory(Repository.PathTo("artifacts", "torture")).FullName;
        File.WriteAllText(Path.Combine(directory, "signals.txt"), report, new UTF8Encoding(false));
        Assert.True(problems.Values.All(found => found.Count == 0), report);
    }

    private static IReadOnlyList<SignalCase> All() =>
    [
        .. from launch in Enum.GetValues<Launch>()
           from ending in Enum.GetValues<Ending>()
           from child in Enum.GetValues<Child>()
           select new SignalCase(ending, launch, child),
    ];

    // A row for each launch, a column for each ending; in a cell the cases that passed and the exit codes.
    private static string Report(IReadOnlyList<SignalCase> cases, ConcurrentDictionary<SignalCase, IReadOnlyList<string>> problems)
    {
        StringBuilder text = new();
        int zero = cases.Count(one => one.ExitCode == 0);
        text.Append($"signals: {problems.Count(pair => pair.Value.Count == 0)} of {cases.Count}{(IsFull ? "" : " (short form)")}");
        text.Append(zero == 0 ? "\n" : $"; {zero} with exit code 0\n");
        text.Append($"{"",-10}{string.Concat(Enum.GetNames<Ending>().Select(name => $"{name,-16}"))}\n");
        foreach (IGrouping<Launch, SignalCase> row in cases.GroupBy(one => one.Launch).OrderBy(row => row.Key))
        {
            text.Append($"{row.Key,-10}");
            foreach (Ending ending in Enum.GetValues<Ending>())
            {
                SignalCase[] cell = [.. row.Where(one => one.Ending == ending)];
                string codes = string.Join(',', cell.Select(one => one.ExitCode).Distinct().Order());
                string content = cell.Length == 0 ? "-" : $"{cell.Count(one => problems[one].Count == 0)}/{cell.Length} (exit {codes})";
                text.Append($"{content,-16}");
            }

            text.Append('\n');
        }

        foreach (SignalCase one in cases.Where(one => problems[one].Count > 0))
        {
            text.Append($"  {one.Ending} {one.Launch} {one.Child}: {string.Join("; ", problems[one])}\n");
        }

        return text.ToString();
    }
}
