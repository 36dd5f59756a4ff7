using Kinetra.Build.Core.Fingerprints;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class FingerprintDiffTests
{
    [Theory]
    [InlineData("a", "b", "command changed: a → b")]
    [InlineData("", "b", "command changed: \"\" → b")]
    [InlineData("a\nb", "a\tb", "command changed: a b → a b")]
    public void Short_values_are_shown_whole(string then, string now, string expected) => Assert.Equal(expected, Describe(then, now));

    [Fact]
    public void Long_values_are_shown_from_shortly_before_the_difference()
    {
        string common = new('x', 100);
        Assert.Equal($"command changed: …{new string('x', 20)}fast{new string('y', 36)}… → …{new string('x', 20)}slow{new string('y', 36)}…", Describe($"{common}fast{common.Replace('x', 'y')}", $"{common}slow{common.Replace('x', 'y')}"));
        Assert.Equal($"command changed: …{new string('x', 20)} → …{new string('x', 20)}more", Describe(common, common + "more"));
        Assert.Equal($"command changed: {new string('a', 60)}… → b", Describe(new string('a', 100), "b"));
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        for (int length = 30; length < 70; length++)
        {
            string text = Describe(new string('x', length) + string.Concat(Enumerable.Repeat("😀", 40)), new string('x', length) + string.Concat(Enumerable.Repeat("🎈", 40)));
            Assert.DoesNotContain('\ufffd', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void Values_that_look_the_same_are_not_shown() =>
        Assert.Equal("command changed", FingerprintDiff.Describe(Of(("command", "1", "***")), Of(("command", "2", "***"))));

    [Fact]
    public void Values_without_a_hash_are_compared_as_they_are()
    {
        Fingerprint then = Fingerprint.Of([Component.Plain("command", "a"), Component.Plain("salt", "1")]);
        Assert.Null(FingerprintDiff.Describe(then, Fingerprint.Of([Component.Plain("salt", "1"), Component.Plain("command", "a")])));
        Assert.Equal("command changed: a → b", FingerprintDiff.Describe(then, Fingerprint.Of([Component.Plain("command", "b"), Component.Plain("salt", "1")])));

        // A long value, of which a hash is kept, is another one though it looks the same.
        Assert.Equal("command changed", FingerprintDiff.Describe(then, Fingerprint.Of([new Component("command", TextHash.Of("a"), "a"), Component.Plain("salt", "1")])));
    }

    [Fact]
    public void Up_to_three_changes_are_shown_and_the_rest_counted()
    {
        Fingerprint then = Of(("a", "1", null), ("b", "1", null), ("c", "1", null), ("d", "1", null));
        Assert.Equal("a changed", FingerprintDiff.Describe(then, Of(("a", "2", null), ("b", "1", null), ("c", "1", null), ("d", "1", null))));
        Assert.Equal("b is gone; d is gone; e added", FingerprintDiff.Describe(then, Of(("a", "1", null), ("c", "1", null), ("e", "1", null))));
        Assert.Equal("a is gone; b is gone; c is gone; and 1 more", FingerprintDiff.Describe(then, Of()));
        Assert.Equal("0 added; a changed; b is gone; and 4 more", FingerprintDiff.Describe(then, Of(("0", "1", null), ("a", "2", null), ("bb", "1", null), ("e", "1", null))));
    }

    private static string Describe(string then, string now) => FingerprintDiff.Describe(Of(("command", TextHash.Of(then), then)), Of(("command", TextHash.Of(now), now)))!;

    private static Fingerprint Of(params (string Label, string Hash, string? Text)[] components) =>
        Fingerprint.Of(components.Select(component => new Component(component.Label, component.Hash, component.Text)));
}
