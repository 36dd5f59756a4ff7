namespace Kinetra.Build.Core.Runs;

/// <summary>A part of a step that its output has timed, with <c>::group::NAME</c> and <c>::endgroup::</c>: the seed's <c>timed_operation</c>.</summary>
/// <param name="Name">Its name, secrets masked, in one line.</param>
/// <param name="Duration">How long it took, by a clock that is never set back.</param>
public sealed record StepOperation(string Name, TimeSpan Duration)
{
    /// <summary>When it began, from the beginning of the attempt; not kept in state and journal.</summary>
    public TimeSpan Offset { get; init; }
}
