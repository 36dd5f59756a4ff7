using System.Text.Json;
using Kinetra.Build.Core.Runs;
using Xunit;

namespace Kinetra.Build.Core.Tests.Runs;

public sealed class StatusWordTests
{
    [Fact]
    public void Every_status_has_the_word_of_its_name()
    {
        Assert.All(Enum.GetValues<RunStatus>(), status => Assert.Equal(status.ToString().ToLowerInvariant(), status.Word()));
        Assert.All(Enum.GetValues<StepStatus>(), status => Assert.Equal(status.ToString().ToLowerInvariant(), status.Word()));
    }

    [Fact]
    public void Every_word_that_is_recorded_is_read_back()
    {
        Assert.All(Enum.GetValues<StepStatus>(), status => Assert.Equal(status, StatusWord.StepStatusOf(status.Word())));
        Assert.All(Enum.GetValues<RunStatus>().Except([RunStatus.Running]), status => Assert.Equal(status, StatusWord.RunStatusOf(status.Word())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Completed")]
    [InlineData("killed")]
    public void Another_word_is_refused(string? word)
    {
        Assert.Throws<JsonException>(() => StatusWord.StepStatusOf(word));
        Assert.Throws<JsonException>(() => StatusWord.RunStatusOf(word));
    }

    [Fact]
    public void A_run_whose_end_is_recorded_does_not_go_on() => Assert.Throws<JsonException>(() => StatusWord.RunStatusOf("running"));
}
