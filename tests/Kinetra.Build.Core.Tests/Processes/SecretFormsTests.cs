using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class SecretFormsTests
{
    // Everything that an escape may be needed for.
    private const string Value = "pa\"ss/w%rd'&<x>+ü\\line\nnext: line, €";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How programs print a value, and that in the form.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "as it is", Value },
        { "with the other line end", Value.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "JSON", JsonSerializer.Serialize(Value)[1..^1] },
        { "JSON, relaxed", JsonSerializer.Serialize(Value, Relaxed)[1..^1] },
        { "JSON, Python", "pa\\\"ss/w%rd'&<x>+\\u00fc\\\\line\\nnext: line, \\u20ac" },
        { "URL", Uri.EscapeDataString(Value) },
        { "URL, lower case", "pa%22ss%2fw%25rd%27%26%3cx%3e%2b%c3%bc%5cline%0anext%3a%20line%2c%20%e2%82%ac" },
        { "URL, Python's quote", "pa%22ss/w%25rd%27%26%3Cx%3E%2B%C3%BC%5Cline%0Anext%3A%20line%2C%20%E2%82%AC" },
        { "URL, JavaScript's encodeURIComponent", "pa%22ss%2Fw%25rd'%26%3Cx%3E%2B%C3%BC%5Cline%0Anext%3A%20line%2C%20%E2%82%AC" },
        { "URL, JavaScript's encodeURI", "pa%22ss/w%25rd'&%3Cx%3E+%C3%BC%5Cline%0Anext:%20line,%20%E2%82%AC" },
        { "HTML, Python", "pa&quot;ss/w%rd&#x27;&amp;&lt;x&gt;+ü\\line\nnext: line, €" },
        { "HTML, Go", "pa&#34;ss/w%rd&#39;&amp;&lt;x&gt;+ü\\line\nnext: line, €" },
        { "form", Uri.EscapeDataString(Value).Replace("%20", "+", StringComparison.Ordinal) },
        { "HTML", "pa&quot;ss/w%rd&#39;&amp;&lt;x&gt;+ü\\line\nnext: line, €" },
        { "XML", new System.Xml.Linq.XAttribute("a", Value.Replace("\n", " ", StringComparison.Ordinal)).ToString()[3..^1].Split(' ')[0] },
        { "sh -x, bash", Value.Replace("'", @"'\''", StringComparison.Ordinal) },
        { "sh -x, dash", Value.Replace("'", "'\"'\"'", StringComparison.Ordinal) },
        { "workflow command", Value.Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal) },
        { "workflow command, property", Value.Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Nothing_of_a_value_is_left_in_any_form(string form, string text)
    {
        string value = form == "XML" ? "pa\"ss/w%rd'&<x>+ü\\line" : Value;
        Assert.True(new SecretMasker([value]).Apply($"[{text}]") == "[***]", form);
    }

    [Fact]
    public void A_value_given_with_one_line_end_is_found_with_the_other()
    {
        SecretMasker masker = new(["ab\r\ncd"]);
        Assert.Equal("<***>", masker.Apply("<ab\ncd>"));
        Assert.Equal("<***>", masker.Apply("<ab\r\ncd>"));
        Assert.Equal("<***>", masker.Apply(@"<ab\ncd>"));
        Assert.Equal("<***>", new SecretMasker(["ab\ncd"]).Apply("<ab\r\ncd>"));
    }

    [Theory]
    [InlineData("hunter2-very-secret")]
    [InlineData("hunter2-very-secre")]
    [InlineData("hunter2-very-secr")]
    [InlineData("~~~~????~~~~????")]
    public void In_base64_it_is_found_wherever_it_stands(string value)
    {
        SecretMasker masker = new([value]);
        foreach (string before in new[] { "", "u", "us", "use", "user:" })
        {
            foreach (string after in new[] { "", "x", "xy", "xyz" })
            {
                string text = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + value + after));
                foreach (string form in new[] { text, text.Replace('+', '-').Replace('/', '_') })
                {
                    string masked = masker.Apply(form);
                    Assert.Contains("***", masked);

                    // At most the characters that the neighbours share are left.
                    Assert.InRange(masked.Length - 3, 0, (((before.Length + after.Length) * 4) + 2) / 3 + 6);
                }
            }
        }
    }

    [Fact]
    public void A_short_value_is_not_looked_for_in_base64() => Assert.DoesNotContain("***", new SecretMasker(["abcdefg"]).Apply(Convert.ToBase64String("abcdefg"u8)));

    [Fact]
    public void Other_text_is_left_alone()
    {
        string text = "The next line, with 100% of \"quotes\" & 'more' <x> and a very secret hunter";
        Assert.Equal(text, new SecretMasker(["hunter2-very-secret", Value]).Apply(text));
    }

    [Fact]
    public void Every_form_of_any_value_is_found()
    {
        Random random = new(20261123);
        for (int round = 0; round < 200; round++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(4, 20)).Select(_ => "ab\"'%\n&\\ü:"[random.Next(10)]));
            SecretMasker patterns = new([value]);
            foreach (string form in SecretForms.Of(value).Where(form => form.Length >= value.ReplaceLineEndings("\n").Length))
            {
                Assert.DoesNotContain(form, patterns.Apply("xy" + form + "yx"));
            }
        }
    }

    [Fact]
    public void Many_values_are_found_at_a_bounded_cost()
    {
        Random random = new(1);
        string[] values = [.. Enumerable.Range(0, 200).Select(_ => Convert.ToHexString(BitConverter.GetBytes(random.NextInt64())) + Guid.NewGuid())];
        long before = GC.GetAllocatedBytesForCurrentThread();
        SecretMasker masker = new(values);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        Assert.All(values, value => Assert.Equal("***", masker.Apply(value)));
    }
}
