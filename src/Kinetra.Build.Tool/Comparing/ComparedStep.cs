using System.Text.Json.Nodes;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Runs;

namespace Kinetra.Build.Tool.Comparing;

/// <summary>What two runs are compared by, of a step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status, in the words of the state file.</param>
/// <param name="Duration">How long it took; null if it was not run.</param>
/// <param name="Attempts">How many attempts were made; 0 if it was not run.</param>
internal sealed record ComparedStep(string Name, string Status, TimeSpan? Duration, int Attempts)
{
    /// <summary>What it was made of; null if that is not known, as in a binlog.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>A step that is known from a journal or a state.</summary>
    public static ComparedStep Of(StepFacts step) =>
        new(step.Name, step.Status.Word(), step.WasRun ? step.Duration : null, step.WasRun ? step.Attempts : 0) { Fingerprint = step.Fingerprint };

    /// <summary>As JSON, without the name.</summary>
    public JsonObject ToJson() => new() { ["status"] = Status, ["duration"] = JsonOutput.Seconds(Duration), ["attempts"] = Attempts };
}

/// <summary>What two runs are compared by.</summary>
/// <param name="Label">What the user calls it: a run id, or a binlog with the run's id.</param>
/// <param name="Status">Its status.</param>
/// <param name="Duration">How long it took; null if that is not known.</param>
/// <param name="Steps">Its steps; those of one name are told apart by <c>#2</c> or, from a binlog without the state, are one with their average.</param>
internal sealed record ComparedRun(string Label, string Status, TimeSpan? Duration, IReadOnlyList<ComparedStep> Steps)
{
    /// <summary>A recorded run.</summary>
    public static ComparedRun Of(ArchivedRun run) => new(
        run.Id,
        StatusStyle.Word(run.Status, run.IsKilled),
        run.Duration,
        [.. run.Steps.Select(step => ComparedStep.Of(StepFacts.Of(step)))]);
}
