using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>Prints measurements and their bounds as a table in Markdown.</summary>
internal static class Table
{
    /// <summary>Prints one table. A case without a comparison is compared with the first one; one with several gets a row for each.</summary>
    /// <param name="title">What was measured.</param>
    /// <param name="unit">The unit of the times.</param>
    /// <param name="measurements">What came out.</param>
    /// <param name="comparisons">What is compared with what. One whose case or peer was skipped says so.</param>
    public static void Print(string title, Unit unit, IReadOnlyList<Measurement> measurements, params IReadOnlyList<Comparison> comparisons)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | median {unit.Name} | min {unit.Name} | beside | ratio of medians | median of the rounds' ratios | bound | |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (Measurement own in measurements)
        {
            string start = $"| {own.Name} | {unit.Format(own.Median)} | {unit.Format(own.Minimum)} ";
            Comparison[] ownComparisons = [.. comparisons.Where(c => c.Of == own.Name)];
            foreach (Comparison comparison in ownComparisons.Length > 0 ? ownComparisons : [Comparison.Unbound(own.Name, measurements[0].Name)])
            {
                Console.WriteLine(start + Compare(own, comparison, measurements, unit));
                start = "| | | ";
            }
        }

        foreach (string skipped in comparisons.Select(c => c.Of).Except(measurements.Select(m => m.Name)))
        {
            Console.WriteLine($"| {skipped} | not measured | | | | | | |");
        }

        Console.WriteLine();
    }

    private static string Compare(Measurement own, Comparison comparison, IReadOnlyList<Measurement> measurements, Unit unit)
    {
        Measurement[] peers = [.. measurements.Where(m => comparison.Peers.Contains(m.Name))];
        if (peers.Length < comparison.Peers.Count)
        {
            return $"| {string.Join(", ", comparison.Peers)} | | | {comparison.Bound(unit.Quantity)} | not measured |";
        }

        Measurement peer = peers.MaxBy(m => m.Median)!;
        double ratio = comparison.Ratio(own.Median, peer.Median);
        double ofRounds = Measurement.MedianOf(own.Samples.Zip(peer.Samples, comparison.Ratio));

        // A slope can come out below zero, where other work on the machine outweighs it: that keeps no bound.
        bool isNoise = own.Median <= 0 || peer.Median <= 0;
        string verdict = comparison.Limit is null ? "" : isNoise ? "**too noisy**" : comparison.IsMet(ratio) ? "met" : "**not met**";
        return string.Create(CultureInfo.InvariantCulture, $"| {peer.Name} | {ratio:0.00} | {ofRounds:0.00} | {comparison.Bound(unit.Quantity)} | {verdict} |");
    }
}

/// <summary>A unit for a table.</summary>
/// <param name="Name">Its symbol.</param>
/// <param name="Size">How many microseconds, or whatever the samples count, it has.</param>
/// <param name="Quantity">What is measured in it.</param>
internal sealed record Unit(string Name, double Size, string Quantity = "time")
{
    /// <summary>For what takes seconds or parts of them.</summary>
    public static Unit Milliseconds { get; } = new("ms", 1000);

    /// <summary>For what takes less.</summary>
    public static Unit OneMicrosecond { get; } = new("µs", 1);

    /// <summary>For memory that was counted in KiB.</summary>
    public static Unit Mebibytes { get; } = new("MiB", 1024, "memory");

    /// <summary>A sample in this unit, with a decimal where the number is small.</summary>
    /// <param name="sample">The sample.</param>
    public string Format(double sample)
    {
        double value = sample / Size;
        return value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
    }
}
