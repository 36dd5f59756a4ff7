using System.Security.Cryptography;

namespace Kinetra.Build.Core.Tracing;

/// <summary>Names of spans: 16 hexadecimal digits, not all of them 0.</summary>
internal static class SpanId
{
    private const int Length = 16;

    /// <summary>A new one.</summary>
    public static string Create()
    {
        string id = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        return id.AsSpan().ContainsAnyExcept('0') ? id : Create();
    }

    /// <summary>The one at the end of what the environment of an attempt's processes holds, which <c>TRACEPARENT</c> has too; null if there is none.</summary>
    /// <param name="mark">The variable and its value.</param>
    public static string? OfMark(string mark)
    {
        string value = mark[(mark.IndexOf('=') + 1)..];
        string last = value[(value.LastIndexOf('.') + 1)..];
        return TraceContext.IsHex(last, Length) && last.AsSpan().ContainsAnyExcept('0') ? last : null;
    }
}
