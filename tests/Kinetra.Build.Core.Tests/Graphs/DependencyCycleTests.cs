using Kinetra.Build.Core.Graphs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Graphs;

public sealed class DependencyCycleTests
{
    [Fact]
    public void A_cycle_is_told_as_a_path() => Assert.StartsWith("a → b → c → a.", Message("a: b", "b: c", "c: a; d", "d", "e: a"));

    [Fact]
    public void A_step_that_waits_for_itself_is_one() => Assert.StartsWith("a → a.", Message("a: b; a", "b"));

    [Fact]
    public void The_shortest_is_told_first_and_one_of_each_knot() =>
        Assert.StartsWith("x → y → x. a → b → c → a. Each", Message("a: b", "b: c; d", "c: a", "d: e", "e: f", "f: b", "x: y", "y: x; a"));

    [Fact]
    public void Of_a_knot_the_shortest_is_told() => Assert.StartsWith("d → e → d.", Message("a: b", "b: c", "c: d", "d: a; e", "e: d"));

    [Fact]
    public void A_file_that_makes_one_step_wait_is_named()
    {
        string message = Message("make-it: use | | data/x.csv", "use | data/*.csv");
        Assert.StartsWith("make-it → use → make-it (data/*.csv).", message);
        Assert.Contains("narrow the Inputs", message);
        Assert.DoesNotContain("Inputs", Message("a: b", "b: a"));
    }

    [Fact]
    public void Two_steps_that_read_each_others_files_are_one() => Assert.StartsWith("a → b (x) → a (y).", Message("a | x | y", "b | y | x"));

    [Fact]
    public void Of_a_long_path_both_ends_are_told()
    {
        string message = Message([.. Enumerable.Range(0, 10_000).Select(i => $"s{i}: s{(i + 1) % 10_000}")]);
        Assert.StartsWith("s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → … 9990 more … → s9998 → s9999 → s0.", message);
    }

    [Fact]
    public void A_dense_knot_of_many_steps_is_described_all_the_same()
    {
        // Layers that all wait for the layer before, and the first one for the last: the shortest cycle goes through all layers.
        string[] steps = [.. Enumerable.Range(0, 2000).Select(i => $"s{i}: {string.Join(';', Enumerable.Range(0, 100).Select(j => $"s{((i / 100 + 19) % 20 * 100) + j}"))}")];
        Assert.Contains("→ … 10 more … →", Message(steps));
    }

    private static string Message(params string[] steps) => Graph.Error(DiagnosticCodes.DependencyCycle, steps).Message;
}
