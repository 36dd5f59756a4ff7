using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Kinetra.Build.Testing;
using Xunit;

namespace Kinetra.Build.Package.Tests.Workflows;

/// <summary>
/// Builds that are killed with SIGKILL at random moments and continued: nothing that was completed runs again, nothing is lost.
/// <c>KINETRA_KILL_SEED</c> repeats a failure; the seeds are printed.
/// </summary>
public sealed class KillTests
{
    private const int Parallelism = 2;

    private static bool IsFull { get; } = Environment.GetEnvironmentVariable("KINETRA_FULL") == "1";

    private static int? Seed { get; } =
        Environment.GetEnvironmentVariable("KINETRA_KILL_SEED") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    [Fact]
    public void However_often_a_build_is_killed_it_is_continued_to_the_same_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        (TimeSpan usual, string state) = KillCase.Undisturbed();
        int first = Seed ?? Random.Shared.Next(1_000_000);
        (int count, int kills) = Seed is not null ? (1, 5) : IsFull ? (200, 5) : (3, 2);
        KillCase[] cases = [.. Enumerable.Range(first, count).Select(seed => new KillCase(seed, kills, usual))];
        ConcurrentDictionary<KillCase, IReadOnlyList<string>> problems = [];
        Parallel.ForEach(
            Partitioner.Create(cases, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism },
            one =>
            {
                problems[one] = one.Try(state);
                if (IsFull)
                {
                    Write(Report(cases, problems));
                }
            });

        string report = Report(cases, problems);
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Write(report);
        Assert.True(problems.Values.All(found => found.Count == 0), report);
    }

    private static readonly Lock Gate = new();

    private static void Write(string report)
    {
        lock (Gate)
        {
            string directory = Directory.CreateDirectory(Repository.PathTo("artifacts", "torture")).FullName;
            File.WriteAllText(Path.Combine(directory, "kill-and-resume.txt"), report, new UTF8Encoding(false));
        }
    }

    private static string Report(KillCase[] cases, ConcurrentDictionary<KillCase, IReadOnlyList<string>> problems)
    {
        KillCase[] done = [.. cases.Where(problems.ContainsKey)];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"kill and resume: {done.Count(one => problems[one].Count == 0)} of {cases.Length}{(IsFull ? "" : " (short form)")}; {done.Sum(one => one.Kills)} runs killed, {done.Sum(one => one.Builds)} builds; seeds {cases[0].Seed} to {cases[^1].Seed}\n");
        foreach (KillCase one in done.Where(one => problems[one].Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"  seed {one.Seed}: {string.Join("; ", problems[one])}\n");
        }

        return text.ToString();
    }
}
