namespace Kinetra.Build.Core.Scheduling;

/// <summary>What a <see cref="Scheduler"/> asks of a step again and again; see <see cref="SchedulerStep"/>.</summary>
/// <param name="IsCritical">Whether its failure stops the run.</param>
/// <param name="Always">Whether it runs after all others.</param>
/// <param name="IsSelected">Whether it takes part.</param>
internal readonly record struct SchedulerTraits(bool IsCritical, bool Always, bool IsSelected);
