namespace Kinetra.Build.Core.Tracing;

/// <summary>The place in a trace that a process is told by the variable <c>TRACEPARENT</c>, as W3C Trace Context, level 1, has it.</summary>
/// <param name="TraceId">32 hexadecimal digits, not all of them 0.</param>
/// <param name="SpanId">16 hexadecimal digits, not all of them 0: the span that caused what is done here.</param>
/// <param name="IsSampled">Whether the caller records the trace.</param>
public readonly record struct TraceContext(string TraceId, string SpanId, bool IsSampled)
{
    /// <summary>The variable.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>Reads the variable's value.</summary>
    /// <param name="value">The value; null if it is not set.</param>
    /// <returns>Null if it is not a context of a known form, which then counts as none.</returns>
    public static TraceContext? Parse(string? value)
    {
        string[] parts = value?.Trim().Split('-') ?? [];

        // A later version may have more behind these four parts; version ff is forbidden.
        bool isKnown = parts.Length >= 4 && IsHex(parts[0], 2) && parts[0] != "ff" && (parts[0] != "00" || parts.Length == 4);
        return isKnown && IsHex(parts[1], 32) && IsHex(parts[2], 16) && IsHex(parts[3], 2) && parts[1].AsSpan().ContainsAnyExcept('0') && parts[2].AsSpan().ContainsAnyExcept('0')
            ? new TraceContext(parts[1], parts[2], (Convert.ToByte(parts[3], 16) & 1) == 1)
            : null;
    }

    /// <summary>Whether a text is lower-case hexadecimal digits.</summary>
    internal static bool IsHex(string text, int length)
    {
        bool isHex = text.Length == length;
        foreach (char character in text)
        {
            isHex &= char.IsAsciiHexDigitLower(character);
        }

        return isHex;
    }

    /// <summary>The variable's value.</summary>
    public override string ToString() => $"00-{TraceId}-{SpanId}-{(IsSampled ? "01" : "00")}";
}
