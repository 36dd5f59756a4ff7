using System.Text;
using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class MaskCommandsTests
{
    /// <summary>A text, and how it is in the log.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        { "::add-mask::s3cret\nkey s3cret\n", "::add-mask::***\nkey ***\n" },
        { "s3cret\n  ::add-mask::s3cret\r\ns3cret", "s3cret\n  ::add-mask::***\r\n***" },
        { "::add-mask::s3cret", "::add-mask::***" },
        { "+ echo ::add-mask::s3cret\n::add-mask::s3cret\ns3cret\n", "+ echo ::add-mask::***\n::add-mask::***\n***\n" },
        { "::add-mask::one two%0Athree%25four\none two, three%four\n", "::add-mask::***\n***, ***\n" },
        { "::add-mask::abc\nabc\n", "::add-mask::abc\nabc\n" },
        { "::add-mask::\n::add-mask::  \nx\n", "::add-mask::\n::add-mask::  \nx\n" },
        { "::add-mask::first\n::add-mask::second\nfirst second known\n", "::add-mask::***\n::add-mask::***\n*** *** ***\n" },
        { "kno::add-mask::s3cret\nwn s3cret\n", "kno::add-mask::***\nwn ***\n" },
        { "::add-mas::add-mask::s3cret\n:s3cret:", "::add-mas::add-mask::***\n:***:" },
        { "::::: ::add-mask", "::::: ::add-mask" },
        { "knowns::add-mask::s3cret\n", "***s::add-mask::***\n" },
        { "knowknown::add-mask::nknow\nknownknow", "know***::add-mask::***\n***" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_is_masked_from_its_command_on_wherever_the_stream_is_cut(string text, string logged)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int first = 0; first <= bytes.Length; first++)
        {
            foreach (int length in new[] { 0, 1, 5, 13 })
            {
                int second = Math.Min(first + length, bytes.Length);
                (string log, _) = Write(bytes, first, second);
                Assert.True(log == logged, $"cut at {first} and {second}: {log}");
            }
        }

        Assert.Equal(logged, Write(bytes, [.. Enumerable.Range(0, bytes.Length)]).Log);
    }

    [Fact]
    public void It_is_masked_in_the_other_pipe_and_the_tail_too()
    {
        using MemoryStream log = new();
        StepOutput output = new(log, [], null);
        StepOutput.Channel one = output.Open();
        StepOutput.Channel two = output.Open();
        two.Write("in s3c"u8);
        one.Write("::add-mask::s3cret\n"u8);
        two.Write("out s3cret\n"u8);
        output.Complete();
        Assert.Equal(["::add-mask::***", "in s3cout ***"], output.Tail);
        Assert.Equal("***", output.Mask("s3cret"));
        Assert.Equal(0, output.MasksRefused);
    }

    [Fact]
    public void The_tail_has_no_value_that_came_before_its_command()
    {
        (string log, StepOutput output) = Write("early s3cret\n::add-mask::s3cret\n"u8.ToArray());
        Assert.Equal(["early ***", "::add-mask::***"], output.Tail);
        Assert.StartsWith("early s3cret", log);
    }

    [Fact]
    public void Values_are_bounded_and_the_rest_is_told()
    {
        (_, StepOutput output) = Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 130).Select(i => $"::add-mask::value {i:000}\n")) + "::add-mask::" + new string('x', 100_000) + "\n"));
        Assert.Equal(31, output.MasksRefused);
        Assert.Equal("*** value 100", output.Mask("value 099 value 100"));
    }

    private static (string Log, StepOutput Output) Write(byte[] bytes, params int[] cuts)
    {
        using MemoryStream log = new();
        StepOutput output = new(log, ["known", "owns-it"], null);
        StepOutput.Channel channel = output.Open();
        int start = 0;
        foreach (int cut in cuts.Append(bytes.Length))
        {
            channel.Write(bytes.AsSpan(start, cut - start));
            start = cut;
        }

        output.Complete();
        return (Encoding.UTF8.GetString(log.ToArray()), output);
    }
}
