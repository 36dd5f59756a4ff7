namespace Kinetra.Build.Core.Tracing;

/// <summary>Spans to be sent together.</summary>
/// <param name="Resource">What has made them.</param>
/// <param name="Version">The version of this product.</param>
/// <param name="Spans">The spans.</param>
internal sealed record SpanBatch(IReadOnlyList<KeyValuePair<string, object>> Resource, string Version, IReadOnlyList<Span> Spans)
{
    /// <summary>The name of the scope, as the protocol calls whoever makes spans.</summary>
    public const string Scope = "Kinetra.Build";
}
