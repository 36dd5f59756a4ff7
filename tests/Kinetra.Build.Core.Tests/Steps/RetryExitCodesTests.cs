using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class RetryExitCodesTests
{
    [Theory]
    [InlineData("75", "75")]
    [InlineData("0", "0")]
    [InlineData(" 75 ", "75")]
    [InlineData("64-67", "64 65 66 67")]
    [InlineData("64 - 66", "64 65 66")]
    [InlineData("7-7", "7")]
    [InlineData("1,3,2-4", "1 2 3 4")]
    [InlineData("65535", "65535")]
    [InlineData("", "")]
    public void Numbers_and_ranges_are_read(string texts, string codes) =>
        Assert.Equal(codes, string.Join(' ', Parse(texts).Order()));

    [Theory]
    [InlineData("x")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("5-3")]
    [InlineData("1-2-3")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("65536")]
    [InlineData("1-99999999999")]
    [InlineData("7,x")]
    public void Anything_else_is_an_error_that_names_parameter_and_value(string texts)
    {
        KinetraException error = Assert.Throws<KinetraException>(() => Parse(texts));
        Assert.Equal(DiagnosticCodes.InvalidValue, error.Code);
        Assert.Contains("RetryExitCodes", error.Message);
        Assert.Contains($"\"{texts.Split(',')[^1]}\"", error.Message);
    }

    [Theory]
    [InlineData(0, "", "", false)]
    [InlineData(1, "", "", true)]
    [InlineData(137, "", "", true)]
    [InlineData(126, "", "", false)]
    [InlineData(127, "", "", false)]
    [InlineData(127, "127", "", true)]
    [InlineData(1, "75", "", false)]
    [InlineData(75, "70-80", "", true)]
    [InlineData(2, "", "2", false)]
    [InlineData(3, "", "2", true)]
    [InlineData(75, "75", "75", false)]
    [InlineData(0, "0", "", false)]
    public void The_lists_say_which_exit_codes_are_tried_again(int code, string retry, string noRetry, bool again) =>
        Assert.Equal(again, new RetryExitCodes(Parse(retry), Parse(noRetry)).Allow(new AttemptResult(ProcessEnd.Exited, code, [], null)));

    [Theory]
    [InlineData(ProcessEnd.TimedOut, true)]
    [InlineData(ProcessEnd.Cancelled, false)]
    public void A_timeout_is_tried_again_and_a_cancellation_is_not_whatever_the_exit_code_is(ProcessEnd end, bool again)
    {
        foreach (int code in new[] { 0, 1, 127, 143 })
        {
            Assert.Equal(again, new RetryExitCodes([75], [143]).Allow(new AttemptResult(end, code, [], null)));
            Assert.Equal(again, new RetryExitCodes([], []).Allow(new AttemptResult(end, code, [], null)));
        }
    }

    private static IReadOnlyCollection<int> Parse(string texts) => RetryExitCodes.Parse("RetryExitCodes", texts.Length == 0 ? [] : texts.Split(','));
}
