using Kinetra.Build.Core.Retry;
using Kinetra.Build.Core.Steps;
using Kinetra.Build.Core.Tests.Steps;
using Kinetra.Build.Core.Workflows;
using Xunit;

namespace Kinetra.Build.Core.Tests.Workflows;

public sealed class WorkflowStepTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_step_that_is_over_keeps_what_it_is_and_not_its_work()
    {
        FakeStep work = new(_project, "a", _ => throw new InvalidOperationException());
        WorkflowStep step = new(new StepDefinition("a", IsCritical: true, new RetryPolicy(1, TimeSpan.Zero, TimeSpan.Zero), new RetryExitCodes([], []), null), work);
        Assert.Same(work, step.Work);
        step.Release();
        step.Release();
        Assert.Equal("a", step.Definition.Name);
        Assert.Contains("\"a\"", Assert.Throws<InvalidOperationException>(() => step.Work).Message, StringComparison.Ordinal);
    }
}
