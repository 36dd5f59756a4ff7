namespace Kinetra.Build.Core.Tracing;

/// <summary>A part of a trace that has ended. Secrets are masked in its texts.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="ParentId">The span that it is a part of; null for none.</param>
/// <param name="Name">What is done.</param>
/// <param name="Start">When it began, in nanoseconds since 1970.</param>
/// <param name="End">When it ended, likewise; not before <paramref name="Start"/>.</param>
internal sealed record Span(string TraceId, string SpanId, string? ParentId, string Name, long Start, long End)
{
    /// <summary>As the protocol counts: 1 for what happens inside, 2 for what was asked for from outside.</summary>
    public int Kind { get; init; } = 1;

    /// <summary>What failed; null if it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>What other vendors have to say of the trace (<c>TRACESTATE</c>), passed on as it is; null for nothing.</summary>
    public string? State { get; init; }

    /// <summary>What is known of it: texts, and numbers as <see cref="long"/>, <see cref="double"/> and <see cref="bool"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Attributes { get; init; } = [];
}
