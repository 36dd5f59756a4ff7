using Kinetra.Build.Core.Tracing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Tracing;

public sealed class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    [Theory]
    [InlineData($"00-{Trace}-{Span}-01", true)]
    [InlineData($"00-{Trace}-{Span}-00", false)]
    [InlineData($"00-{Trace}-{Span}-03", true)]
    [InlineData($" 00-{Trace}-{Span}-01 ", true)]
    [InlineData($"cc-{Trace}-{Span}-01-what-comes-later", true)]
    public void A_context_is_read(string value, bool isSampled) => Assert.Equal(new TraceContext(Trace, Span, isSampled), TraceContext.Parse(value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData($"00-{Trace}-{Span}")]
    [InlineData($"00-{Trace}-{Span}-01-more")]
    [InlineData($"ff-{Trace}-{Span}-01")]
    [InlineData($"0-{Trace}-{Span}-01")]
    [InlineData($"00-{Trace}0-{Span}-01")]
    [InlineData($"00-00000000000000000000000000000000-{Span}-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData($"00-0AF7651916CD43DD8448EB211C80319C-{Span}-01")]
    [InlineData($"00-{Trace}-{Span}-1")]
    public void Anything_else_counts_as_none(string? value) => Assert.Null(TraceContext.Parse(value));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_what_is_read(bool isSampled)
    {
        TraceContext context = new(Trace, Span, isSampled);
        Assert.Equal(context, TraceContext.Parse(context.ToString()));
    }

    [Theory]
    [InlineData($"KINETRA_ATTEMPT_ID={Span}", Span)]
    [InlineData($"KINETRA_ATTEMPT_ID=0123456789abcdef.{Span}", Span)]
    [InlineData("KINETRA_ATTEMPT_ID=0123456789abcdef0123456789abcdef", null)]
    [InlineData("KINETRA_ATTEMPT_ID=0000000000000000", null)]
    public void The_span_of_an_attempt_is_what_its_mark_ends_with(string mark, string? expected) => Assert.Equal(expected, SpanId.OfMark(mark));
}
