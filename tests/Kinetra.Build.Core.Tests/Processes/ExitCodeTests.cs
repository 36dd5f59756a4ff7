using Kinetra.Build.Core.Processes;
using Xunit;

namespace Kinetra.Build.Core.Tests.Processes;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(126, "not executable")]
    [InlineData(127, "not found")]
    [InlineData(128, "")]
    [InlineData(255, "")]
    public void A_code_is_said_in_words_where_it_has_a_meaning(int code, string words)
    {
        string text = ExitCode.Describe(code);
        Assert.Contains($"{code}", text);
        Assert.Contains(words, text);
        Assert.Equal(words.Length > 0, text.Contains('('));
    }

    [Theory]
    [InlineData(130, "SIGINT")]
    [InlineData(134, "SIGABRT")]
    [InlineData(137, "out of memory")]
    [InlineData(139, "SIGSEGV")]
    [InlineData(141, "SIGPIPE")]
    [InlineData(143, "SIGTERM")]
    public void A_signal_is_named(int code, string words)
    {
        Platform.RequireUnix();
        Assert.Contains(words, ExitCode.Describe(code));
    }
}
