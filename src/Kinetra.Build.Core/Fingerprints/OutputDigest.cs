namespace Kinetra.Build.Core.Fingerprints;

/// <summary>A file that a step wrote.</summary>
/// <param name="Path">Relative to the project, with <c>/</c>; absolute if it was declared so and lies outside.</param>
/// <param name="Sha256">The digest of its content, in 64 lower-case hexadecimal digits.</param>
public sealed record OutputDigest(string Path, string Sha256);

/// <summary>An output that is not any more what it was.</summary>
/// <param name="Output">What it was.</param>
/// <param name="IsGone">Whether there is no such file now; else its content is another.</param>
public sealed record OutputChange(OutputDigest Output, bool IsGone)
{
    /// <summary>Such as <c>output data/out.csv changed</c> or <c>output data/out.csv is gone</c>.</summary>
    public override string ToString() => $"output {Output.Path} {(IsGone ? "is gone" : "changed")}";
}
