using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class RunIdTests
{
    [Theory]
    [InlineData(1, "20261123_045501")]
    [InlineData(2, "20261123_045501-002")]
    [InlineData(1000, "20261123_045501-1000")]
    public void It_is_the_second_of_the_start_in_UTC_and_a_number(int number, string id)
    {
        DateTimeOffset start = new(2026, 11, 23, 5, 55, 1, 999, TimeSpan.FromHours(1));
        Assert.Equal(id, RunId.Create(start, number));
        Assert.True(RunId.IsValid(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("20261123")]
    [InlineData("20261123_04550")]
    [InlineData("20261123_0455011")]
    [InlineData("20261123-045501")]
    [InlineData("20261123_045501-")]
    [InlineData("20261123_045501-02")]
    [InlineData("20261123_045501-002x")]
    [InlineData("20261123_045501_002")]
    [InlineData("20261123_045501\n")]
    [InlineData("x20261123_045501")]
    [InlineData("２０２６１１２３_045501")]
    public void Nothing_else_is_an_id(string text) => Assert.False(RunId.IsValid(text));
}
