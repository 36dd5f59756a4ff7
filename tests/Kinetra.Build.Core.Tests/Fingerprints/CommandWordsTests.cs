using CsCheck;
using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("python3 steps/a.py --all", "python3|steps/a.py|--all", "")]
    [InlineData("a;b&&c||d&e|f\ng", "a|b|c|d|e|f|g", "")]
    [InlineData("(a; b) `c` $(d)", "a|b|c|$|d", "")]
    [InlineData("a > out", "a", "out")]
    [InlineData("a >out b", "a|b", "out")]
    [InlineData("a >> out 2> err", "a|2", "out|err")]
    [InlineData("a &> out", "a", "out")]
    [InlineData("a >| out", "a", "out")]
    [InlineData("a 2>&1 b", "a|2|b", "1")]
    [InlineData("a < in > out", "a|in", "out")]
    [InlineData("a > ; b", "a|b", "")]
    [InlineData("a >\nb", "a|b", "")]
    [InlineData("a > 'my out' b", "a|b", "my out")]
    [InlineData("a > >(tee b)", "a|tee|b", "")]
    [InlineData("'my file' x", "my|file|my file|x", "")]
    [InlineData("\"a\"'b'c", "abc", "")]
    [InlineData("--x='a b'", "a|b|--x=a b", "")]
    [InlineData("sh -c \"python3 a.py > out\"", "sh|-c|python3|a.py|python3 a.py > out", "out")]
    [InlineData("'not closed", "not|closed|not closed", "")]
    [InlineData("", "", "")]
    [InlineData("''", "", "")]
    public void A_line_is_split_as_a_shell_would(string line, string words, string targets)
    {
        CommandWords split = CommandWords.Split(line);
        Assert.Equal(words, string.Join('|', split.Words));
        Assert.Equal(targets, string.Join('|', split.RedirectionTargets));
    }

    [Fact]
    public void A_backslash_takes_the_next_character_as_it_is_except_on_Windows()
    {
        Platform.RequireUnix();
        Assert.Equal(["a b", "cd", "c\"d", "e\\"], CommandWords.Split(@"a\ b ""c\""d"" e\").Words);
    }

    [Fact]
    public void Any_line_can_be_split() =>
        Gen.Char["ab \"'\\><&|;=\n`("].Array[0, 30].Select(letters => new string(letters)).Sample(
            line => Assert.All(CommandWords.Split(line).Words, word => Assert.NotEmpty(word)),
            iter: PropertyCases.Fuzz);
}
