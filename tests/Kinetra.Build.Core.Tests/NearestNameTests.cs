using Xunit;

namespace Kinetra.Build.Core.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("fetch", "convert fetch", "fetch")]
    [InlineData("Fetch", "fetsh fetch", "fetch")]
    [InlineData("fecth", "fence fetch", "fetch")]
    [InlineData("fetch-1", "fetch-2 fetch-10", "fetch-2")]
    [InlineData("FETCHH", "fetch", "fetch")]
    [InlineData("convrt", "fetch convert", "convert")]
    [InlineData("convert-all", "convertall", "convertall")]
    [InlineData("abc", "xyz", null)]
    [InlineData("ab", "ac", null)]
    [InlineData("ab", "AB", "AB")]
    [InlineData("fetch", "", null)]
    [InlineData("report", "deploy", null)]
    public void The_nearest_name_is_found_if_it_is_near(string name, string names, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void The_hint_asks_or_is_empty()
    {
        Assert.Equal(" Did you mean \"fetch\"?", NearestName.Hint("fetsch", ["fetch"]));
        Assert.Equal("", NearestName.Hint("x", ["fetch"]));
    }

    [Fact]
    public void Endless_names_take_no_time()
    {
        string name = new('x', 1_000_000);
        Assert.Null(NearestName.Find(name, [name + "y", name[1..]]));
        Assert.Equal(name, NearestName.Find(name.ToUpperInvariant(), [name]));
    }
}
