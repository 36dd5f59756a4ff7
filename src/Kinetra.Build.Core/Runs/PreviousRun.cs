namespace Kinetra.Build.Core.Runs;

/// <summary>What a run says of the workflow's run before it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">How it ended; <see cref="RunStatus.Running"/> if its build was killed.</param>
/// <param name="IsFromTheFuture">Whether it began later than now: the clock was set back.</param>
/// <param name="IsTorn">Whether a crash had cut off the last record of its journal.</param>
/// <param name="LivingMarks">The marks of processes that it may have left, if its build was killed.</param>
public sealed record PreviousRun(string Id, RunStatus Status, bool IsFromTheFuture, bool IsTorn, IReadOnlyList<string> LivingMarks);
