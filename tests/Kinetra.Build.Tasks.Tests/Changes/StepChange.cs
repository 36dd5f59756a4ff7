namespace Kinetra.Build.Tasks.Tests.Changes;

/// <summary>What becomes of a step after a change.</summary>
internal enum Verdict
{
    /// <summary>Its command is run.</summary>
    Runs,

    /// <summary>It is left alone, and so are its outputs.</summary>
    DoesNotRun,

    /// <summary>It is not run; outputs come from the cache.</summary>
    IsRestored,
}

/// <summary>A kind of change between two builds, and what it is to lead to.</summary>
/// <param name="Name">As in the table of docs/step-cache.md.</param>
/// <param name="Verdict">What becomes of the step in the build after it.</param>
/// <param name="Words">What the reason has in it; <c>RUN</c> stands for the first run.</param>
/// <param name="Change">Makes the change.</param>
internal sealed record StepChange(string Name, Verdict Verdict, string[] Words, Action<ChangeScene> Change)
{
    /// <summary>What is there before the first build already.</summary>
    public Action<ChangeScene> Setup { get; init; } = _ => { };

    /// <summary>What else holds after the build.</summary>
    public Action<ChangeScene> After { get; init; } = _ => { };

    /// <summary>What a plan says before the build, if it cannot know better; null if it does.</summary>
    public string? Foreseen { get; init; }

    /// <summary>Whether one more build does nothing.</summary>
    public bool Settles { get; init; } = true;
}
