using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// Whether the harnesses can see anything at all: a writer with one of the usual flaws is caught by the harness that is there
/// for it, and the same writer without a flaw by none.
/// </summary>
[Collection(SweepCollection.Name)]
public sealed class MutantTests
{
    private static readonly Dictionary<string, Func<Operation, IReadOnlyList<string>>> Harnesses = new()
    {
        ["protocol"] = ProtocolTests.Check,
        ["planted link"] = ProtocolTests.PlantLinks,
        ["kill sweep"] = Kills,
        ["fault sweep"] = FlushFaults,
    };

    private static readonly (Flaw Flaw, string Harness, string Sign)[] Mutants =
    [
        (Flaw.NoFileFlush, "protocol", "before its content is flushed"),
        (Flaw.NoDirectoryFlush, "protocol", "before the name config/service.env is durable"),
        (Flaw.WriteAllText, "kill sweep", "after the kill: the file is"),
        (Flaw.FixedName, "protocol", "can be guessed"),
        (Flaw.NotExclusive, "planted link", "is written through"),
        (Flaw.ChecksumAfterwards, "kill sweep", "a false alarm"),
        (Flaw.FlushRetried, "fault sweep", "is flushed again after a flush failed"),
        (Flaw.FlushByRuntime, "fault sweep", "says ok though a flush failed"),
    ];

    [Fact]
    public void Every_mutant_is_caught_by_the_harness_that_is_there_for_it()
    {
        Strace.Require();
        List<string> missed = [];
        List<string> caught = [];
        foreach ((Flaw flaw, string harness, string sign) in Mutants)
        {
            IReadOnlyList<string> problems = Harnesses[harness](NaiveWriter.With(flaw));
            if (problems.FirstOrDefault(problem => problem.Contains(sign, StringComparison.Ordinal)) is { } first)
            {
                caught.Add($"  {flaw}: caught by {harness}: {first.Trim()}");
            }
            else
            {
                missed.Add($"  {flaw}: missed by {harness}, which found: {string.Join("; ", problems)}");
            }
        }

        Sweep.Report("mutants", $"caught {caught.Count} of {Mutants.Length}", [.. caught, .. missed]);
        Assert.Empty(missed);
        Assert.Equal(Enum.GetValues<Flaw>().Length - 1, caught.Count);
    }

    [Fact]
    public void A_writer_without_a_flaw_passes_every_harness()
    {
        Strace.Require();

        // The naive writer does not clear away what an earlier run left: it is there for the order alone.
        Assert.All(Harnesses, harness => Assert.DoesNotContain(harness.Value(NaiveWriter.With(Flaw.None)), problem => !problem.Contains(".tmp is left", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Kills(Operation operation)
    {
        using Workspace template = Workspace.For(operation);
        Point[] points = [.. Recording.Of(operation).Points().Where(point => point.Call.Changes)];
        return Sweep.Problems(points, point => point.Text, point => CrashSweepTests.Kill(operation, template, point), out _);
    }

    private static IReadOnlyList<string> FlushFaults(Operation operation)
    {
        using Workspace template = Workspace.For(operation);
        Fault[] faults = [.. Recording.Of(operation).Points().Where(point => point.Call.Flushes).Select(point => new Fault(point, "EIO"))];
        return Sweep.Problems(faults, fault => fault.ToString(), fault => fault.Try(operation, template), out _);
    }
}
