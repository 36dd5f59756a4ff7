using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>A step of a graph, with what it takes to run it.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Work">Its work.</param>
public sealed record WorkflowStep(StepDefinition Definition, IStepWork Work)
{
    /// <summary>Whether it is run by the thread that runs the whole graph, one at a time, as what an engine does must be; others have threads beside.</summary>
    public bool IsForEngine { get; init; }

    /// <summary>How long the user expects it to take, for as long as there is no history; null if that was not said.</summary>
    public TimeSpan? ExpectedDuration { get; init; }
}
