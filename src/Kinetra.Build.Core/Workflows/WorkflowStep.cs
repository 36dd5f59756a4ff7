using Kinetra.Build.Core.Steps;

namespace Kinetra.Build.Core.Workflows;

/// <summary>A step of a graph, with what it takes to run it.</summary>
/// <param name="definition">What it is.</param>
/// <param name="work">Its work.</param>
public sealed class WorkflowStep(StepDefinition definition, IStepWork work)
{
    private IStepWork? _work = work;

    /// <summary>What it is.</summary>
    public StepDefinition Definition { get; } = definition;

    /// <summary>Its work.</summary>
    /// <exception cref="InvalidOperationException">It was released.</exception>
    public IStepWork Work => _work ?? throw new InvalidOperationException($"Step \"{Definition.Name}\" is over.");

    /// <summary>Whether its attempts are made on the thread that runs the whole graph, one at a time, as what an engine does must be.</summary>
    public bool IsForEngine { get; init; }

    /// <summary>How long the user expects it to take, for as long as there is no history; null if that was not said.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>Lets go of the work, and of all that it holds, once the step has ended or is not to be run: a large graph is not to keep that of each.</summary>
    public void Release() => _work = null;
}
