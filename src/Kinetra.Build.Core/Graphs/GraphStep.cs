namespace Kinetra.Build.Core.Graphs;

/// <summary>A step as the graph sees it.</summary>
/// <param name="Name">Its name, unique in the graph; case matters.</param>
public sealed record GraphStep(string Name)
{
    /// <summary>The names of the steps that end before this one begins, as written: <c>x</c>, or <c>x!</c> for "only if x succeeded".</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Patterns of the files that it reads, relative to the project, as in <see cref="Fingerprints.StepIdentity"/>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Patterns of the files that it writes, likewise.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Whether its failure is one of the workflow.</summary>
    public bool IsCritical { get; init; } = true;

    /// <summary>Whether it runs last, whatever happened.</summary>
    public bool Always { get; init; }

    /// <summary>Steps with a higher one come first among those that are ready.</summary>
    public int Priority { get; init; }

    /// <summary>The pool that limits how many of its steps run at a time; null for none.</summary>
    public string? Pool { get; init; }
}
