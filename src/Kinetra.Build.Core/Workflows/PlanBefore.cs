namespace Kinetra.Build.Core.Workflows;

/// <summary>What comes before a step of a plan, directly or through others, and may change what it reads.</summary>
internal readonly record struct PlanBefore
{
    /// <summary>The name of a step that runs, or perhaps does; null if none does.</summary>
    public string? Running { get; init; }

    /// <summary>The name of a step whose outputs come back from the cache; null if there is none.</summary>
    public string? Restored { get; init; }

    /// <summary>Whether one that runs declares no outputs: which files it makes nobody can tell.</summary>
    public bool MakesAnything { get; init; }

    /// <summary>Both together.</summary>
    /// <param name="other">What comes before through another step.</param>
    public PlanBefore And(in PlanBefore other) => new()
    {
        Running = Running ?? other.Running,
        Restored = Restored ?? other.Restored,
        MakesAnything = MakesAnything || other.MakesAnything,
    };
}
