using System.Text;
using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class SecretMaskerTests
{
    /// <summary>Values (separated by |), a text, and the text masked.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "s3cret", "key=s3cret;", "key=***;" },
        { "s3cret", "s3crets3cret", "***" },
        { "s3cret", "s3cre s3cre", "s3cre s3cre" },
        { "s3cret", "s3cs3cret", "s3c***" },
        { "aaab", "aaaab", "a***" },
        { "s3cret|s3cret-and-more", "s3cret s3cret-and s3cret-and-more", "*** ***-and ***" },
        { "s3cret|my-s3cret-key", "my-s3cret-kex my-s3cret-key", "my-***-kex ***" },
        { "abcdef|cdefgh", "abcdef cdefgh", "*** ***" },
        { "line one\nline two", "line one\nline two", "***" },
        { "line one\nline two", "line two, line one", "***, ***" },
        { "line one\r\nline two\r\n", "> line one\n> line two\n", "> ***\n> ***\n" },
        { "pässwörd|数据数据", "xpässwörd数据数据 数据", "x*** 数据" },
        { "abc||ab", "abc ab", "abc ab" },
        { "true|FALSE", "true FALSE", "true FALSE" },
        { "", "text", "text" },
        { "s3cret", "", "" },
        { "a.*b|[x]+", "a.*b axxb [x]+ xx", "*** axxb *** xx" },
        { "s3cret", "S3CRET", "S3CRET" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_masked_wherever_the_stream_is_cut(string values, string text, string masked)
    {
        string[] secrets = values.Split('|');
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(masked, Mask(secrets, bytes));
        Assert.Equal(masked, Mask(secrets, bytes, [.. Enumerable.Range(0, bytes.Length)]));
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(masked, Mask(secrets, bytes, first, second));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_whole_text_is_masked_as_a_stream_is(string values, string text, string masked) =>
        Assert.Equal(masked, new SecretMasker(values.Split('|')).Apply(text));

    [Fact]
    public void Any_stream_is_masked_as_the_model_says()
    {
        Random random = new(20261123);
        for (int round = 0; round < 3000; round++)
        {
            string[] secrets = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(random, random.Next(4, 8)))];
            string text = Text(random, random.Next(0, 60));
            int[] cuts = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.Next(0, text.Length + 1)).Order()];
            string actual = Mask(secrets, Encoding.UTF8.GetBytes(text), cuts);
            Assert.True(actual == Model(secrets, text), $"{string.Join('|', secrets)} in {text} cut at {string.Join(',', cuts)}: {actual}");
        }
    }

    [Fact]
    public void What_cannot_be_the_beginning_of_a_value_is_passed_on_at_once()
    {
        SecretMasker masker = new(["s3cret"]);
        Assert.Equal("text ", Written(masker, "text s3c"));
        Assert.Equal("s3cx", Written(masker, "x"));
    }

    [Fact]
    public void The_end_of_the_stream_gives_what_was_held_back_once()
    {
        SecretMasker masker = new(["s3cret"]);
        Written(masker, "s3cre");
        StringBuilder rest = new();
        masker.Flush(bytes => rest.Append(Encoding.UTF8.GetString(bytes)));
        masker.Flush(bytes => rest.Append(Encoding.UTF8.GetString(bytes)));
        Assert.Equal("s3cre", rest.ToString());
    }

    [Fact]
    public void A_value_that_overlaps_itself_without_end_is_masked_in_bounded_time_and_memory()
    {
        SecretMasker masker = new(["1111", "hunter22"]);
        byte[] chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'1');
        StringBuilder output = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 64; i++)
        {
            masker.Write(chunk, bytes => output.Append(Encoding.UTF8.GetString(bytes)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }

        masker.Flush(bytes => output.Append(Encoding.UTF8.GetString(bytes)));
        Assert.DoesNotContain('1', output.ToString());
        Assert.StartsWith("***", output.ToString());
    }

    [Fact]
    public void Nothing_of_two_overlapping_values_is_shown() =>
        Assert.Equal("<***>", Mask(["hunter-secret", "secret-password"], "<hunter-secret-password>"u8.ToArray()));

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => "ab-"[random.Next(3)]));

    // Every occurrence hides all of its characters; occurrences that overlap or touch are hidden together.
    private static string Model(string[] secrets, string text)
    {
        (int Start, int End)[] found =
        [
            .. Enumerable.Range(0, text.Length)
                .SelectMany(i => secrets.Where(secret => text.AsSpan(i).StartsWith(secret)).Select(secret => (i, i + secret.Length)))
                .Order(),
        ];
        StringBuilder masked = new();
        int shown = 0;
        int end = 0;
        foreach ((int start, int stop) in found)
        {
            if (start > end || shown == 0)
            {
                masked.Append(text.AsSpan(shown, start - shown)).Append("***");
            }

            end = Math.Max(end, stop);
            shown = end;
        }

        return masked.Append(text.AsSpan(shown)).ToString();
    }

    private static string Mask(IEnumerable<string> secrets, byte[] bytes, params int[] cuts)
    {
        SecretMasker masker = new(secrets);
        using MemoryStream output = new();
        int start = 0;
        foreach (int cut in cuts.Append(bytes.Length))
        {
            masker.Write(bytes.AsSpan(start, cut - start), output.Write);
            start = cut;
        }

        masker.Flush(output.Write);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string Written(SecretMasker masker, string text)
    {
        StringBuilder output = new();
        masker.Write(Encoding.UTF8.GetBytes(text), bytes => output.Append(Encoding.UTF8.GetString(bytes)));
        return output.ToString();
    }
}
