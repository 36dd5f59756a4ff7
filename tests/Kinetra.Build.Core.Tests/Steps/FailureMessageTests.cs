using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class FailureMessageTests
{
    [Fact]
    public void Everything_that_is_known_has_its_line() =>
        Assert.Equal(
            """
            It failed. Last output:
              | one
              | two
            Log: logs/1.log
            Changed since the last success (run 20261123_061538): input data/raw.csv
            Suggestion: Do this.
            """.ReplaceLineEndings("\n"),
            FailureMessage.Compose("It failed.", new AttemptResult(ProcessEnd.Exited, 1, ["one", "two"], "logs/1.log"), " Do this. ", " input data/raw.csv ", "20261123_061538"));

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        Assert.Equal("It failed.", FailureMessage.Compose("It failed.", null, null));
        Assert.Equal("It failed. Changed since the last success: the command", FailureMessage.Compose("It failed.", null, "", "the command"));
    }

    [Theory]
    [InlineData("mine", "known", "mine")]
    [InlineData(null, "known", "known")]
    [InlineData(" ", "known", "known")]
    [InlineData(null, null, null)]
    public void The_users_suggestion_comes_first(string? users, string? known, string? chosen) => Assert.Equal(chosen, FailureMessage.Choose(users, known));
}
