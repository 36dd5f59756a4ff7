using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Runs;

/// <summary>What a run needs to know of its project.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="StateDirectory">Where journal and state file go.</param>
/// <param name="LogDirectory">Where the run log and the steps' outputs go.</param>
/// <param name="LogKeep">How many runs' logs and states are kept, the new one included; null keeps all.</param>
/// <param name="Metadata">What the user wants to have in the state.</param>
public sealed record RunSettings(
    string Workflow,
    FilePath StateDirectory,
    FilePath LogDirectory,
    int? LogKeep,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Whether to continue the last run of the workflow, if that is unfinished.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether single targets are built rather than the workflow as a whole.</summary>
    public bool IsPartial { get; init; }

    /// <summary>
    /// Whether each step's record is flushed and the state file written before the step goes on. Otherwise both happen in the
    /// background: the flush after some milliseconds, the state file after a tenth of a second at most.
    /// </summary>
    public bool WritesAtOnce { get; init; }

    /// <summary>A name of the build that the run is part of, which all its nodes know; empty for none.</summary>
    public string BuildId { get; init; } = "";

    /// <summary>The run that this build is a step of, as the environment tells; null if it is none.</summary>
    public string? OuterRunId { get; init; }
}
