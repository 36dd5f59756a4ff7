namespace Kinetra.Build.Core.Graphs;

/// <summary>
/// Which steps of a workflow are to run. Each is a list of names, in which <c>*</c> and <c>?</c> stand for any text and any character; an empty list
/// restricts nothing.
/// </summary>
/// <param name="Only"><c>KinetraOnly</c>: exactly these.</param>
/// <param name="Skip"><c>KinetraSkip</c>: not these, whatever the others say.</param>
/// <param name="From"><c>KinetraFrom</c>: these and all steps that depend on them.</param>
/// <param name="Until"><c>KinetraUntil</c>: these and all steps that they depend on.</param>
public sealed record Selection(IReadOnlyList<string> Only, IReadOnlyList<string> Skip, IReadOnlyList<string> From, IReadOnlyList<string> Until)
{
    /// <summary>All steps.</summary>
    public static Selection All { get; } = new([], [], [], []);
}
