using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Steps;

public sealed class KnownToolsTests
{
    private static readonly StepIdentity Step = new()
    {
        Workflow = "master",
        Step = "a",
        Work = StepWork.Command("true"),
        ProjectDirectory = Path.GetTempPath(),
        WorkingDirectory = FilePath.Resolve(Path.GetTempPath(), "."),
    };

    private readonly KnownTools _known = new();

    [Fact]
    public void The_same_question_is_asked_once()
    {
        Assert.Equal("1", Ask("1", Step));
        Assert.Equal("1", Ask("2", Step with { Step = "b" }));
    }

    [Fact]
    public void In_another_directory_or_with_other_variables_it_is_another_question()
    {
        Assert.Equal("1", Ask("1", Step));
        Assert.Equal("2", Ask("2", Step with { WorkingDirectory = FilePath.Resolve(Path.GetTempPath(), "sub") }));
        Assert.Equal("3", Ask("3", Step with { Variables = new Dictionary<string, string> { ["PATH"] = "/opt/a" } }));
        Assert.Equal("4", Ask("4", Step with { Secrets = new Dictionary<string, string> { ["PATH"] = "/opt/b" } }));
    }

    private string? Ask(string answer, StepIdentity step) => _known.Of(new Answer(answer), step).Ask("dotnet --version");

    private sealed class Answer(string text) : ITools
    {
        public string? Find(string program) => null;

        public string? Ask(string commandLine) => text;
    }
}
