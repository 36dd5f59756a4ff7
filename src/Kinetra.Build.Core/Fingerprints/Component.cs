namespace Kinetra.Build.Core.Fingerprints;

/// <summary>One of the things that make a step what it is.</summary>
/// <param name="Label">
/// What it is, such as <c>command</c>, <c>input data/raw.csv</c>, <c>script steps/a.sh</c>, <c>variable MODE</c>, <c>secret TOKEN</c> or
/// <c>tool gcc</c>. A kind, and behind a blank the name where there may be several; secrets in it are masked.
/// </param>
/// <param name="Hash">Equal only if it is the same: 64 lower-case hexadecimal digits.</param>
/// <param name="Text">Its value, masked and possibly cut, to show what changed; null for files and secrets.</param>
public sealed record Component(string Label, string Hash, string? Text)
{
    /// <summary>The order within a fingerprint.</summary>
    internal static int Compare(Component left, Component right)
    {
        int order = string.CompareOrdinal(left.Label, right.Label);
        return order != 0 ? order : string.CompareOrdinal(left.Hash, right.Hash);
    }
}
