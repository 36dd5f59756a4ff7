using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Tests.Steps;

/// <summary>A step that a test does itself.</summary>
internal sealed class FakeStep(TestProject project, string name, Func<Attempt, AttemptResult> attempt) : IStepWork
{
    public string Command { get; init; } = "do it";

    public IReadOnlyList<string> Inputs { get; init; } = [];

    public IReadOnlyList<string> Outputs { get; init; } = [];

    public ITools Tools => new StepTools(project.Folder.Root, new Dictionary<string, string>(), TimeProvider.System);

    public static AttemptResult Success { get; } = new(ProcessEnd.Exited, 0, [], null);

    public static AttemptResult Failure { get; } = new(ProcessEnd.Exited, 1, [], null);

    public StepIdentity Identify(int occurrence) => new()
    {
        Workflow = "master",
        Step = name,
        Occurrence = occurrence,
        Work = StepWork.Command(Command),
        ProjectDirectory = project.Folder.Root,
        WorkingDirectory = FilePath.Resolve(project.Folder.Root, "."),
        Inputs = Inputs,
        Outputs = Outputs,
    };

    public string Mask(string text) => text;

    public AttemptResult Run(Attempt next) => attempt(next);
}
