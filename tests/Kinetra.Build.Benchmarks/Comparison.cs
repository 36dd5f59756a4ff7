using System.Globalization;

namespace Kinetra.Build.Benchmarks;

/// <summary>What a case is compared with, and the bound of the comparison.</summary>
/// <param name="Of">The case.</param>
/// <param name="Peers">What it is compared with; of several the one with the largest median.</param>
/// <param name="Limit">The bound; null if the ratio is only for information.</param>
/// <param name="AsSpeed">Whether the ratio is that of the speeds, and the bound what it is at least; otherwise that of the times, at most.</param>
internal sealed record Comparison(string Of, IReadOnlyList<string> Peers, double? Limit, bool AsSpeed = false)
{
    /// <summary>The case may take this many times as long as its peer, or as the slowest of its peers.</summary>
    public static Comparison AtMost(string of, double times, params IReadOnlyList<string> peers) => new(of, peers, times);

    /// <summary>The case must do this many times as much in the same time as its peer.</summary>
    public static Comparison AtLeastSpeed(string of, double times, string peer) => new(of, [peer], times, AsSpeed: true);

    /// <summary>The ratio of the times is of interest, but has no bound.</summary>
    public static Comparison Unbound(string of, string peer) => new(of, [peer], null);

    /// <summary>The bound as a reader finds it in the table.</summary>
    /// <param name="quantity">What the samples are, such as time.</param>
    public string Bound(string quantity) => Limit is not { } limit ? "" : string.Create(CultureInfo.InvariantCulture, $"{(AsSpeed ? "speed ≥" : quantity + " ≤")} {limit:0.00##}");

    /// <summary>The ratio that the bound is about.</summary>
    /// <param name="own">The case's time.</param>
    /// <param name="peer">The peer's time, in the same unit.</param>
    public double Ratio(double own, double peer) => AsSpeed ? peer / own : own / peer;

    /// <summary>Whether a ratio keeps the bound.</summary>
    /// <param name="ratio">From <see cref="Ratio"/>.</param>
    public bool IsMet(double ratio) => AsSpeed ? ratio >= Limit : ratio <= Limit;
}
